"""What makes the pages a shop's own: its logo, kept in the database, and its colour."""
