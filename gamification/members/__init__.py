"""People of the programme: members, their cards and their consents."""
