"""Medals: definitions, versions, levels and the awards given."""
