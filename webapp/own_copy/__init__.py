"""Everything that is held about a member, for themselves to take along."""
