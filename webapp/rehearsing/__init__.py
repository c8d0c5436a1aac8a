"""Rehearsals that go on beside the pages: rows that every process sees, one thread for each."""
