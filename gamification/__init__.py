"""Laurel's programme: points, medals and tiers, without a face."""
