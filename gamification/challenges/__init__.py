"""Challenges: something to do within a time, for a reward, with a group that sees nothing."""
