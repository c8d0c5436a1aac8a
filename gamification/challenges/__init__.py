"""Challenges: who takes part, who is only watched, and what it really brought."""
