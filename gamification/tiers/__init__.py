"""Tiers: thresholds, perks and each member's standing over time."""
