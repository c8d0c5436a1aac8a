"""Files from elsewhere: read by a profile, staged outside the database, recorded page by page."""
