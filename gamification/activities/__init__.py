"""What members did: the only door through which the outside enters the programme."""
