"""Friends who invite friends: codes, invitations, and when they are worth something."""
