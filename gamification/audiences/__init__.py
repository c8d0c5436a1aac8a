"""Whom something is for: conditions on members, and the sets of members that they make."""
