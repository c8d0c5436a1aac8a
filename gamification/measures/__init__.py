"""Every number that a medal, a tier or a challenge can ask for."""
