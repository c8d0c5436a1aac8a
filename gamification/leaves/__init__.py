"""Leaves: what every receipt leaves in a member's herbarium, by a draw that anyone can repeat."""
