"""Forms that were sent after the session had ended: kept for whoever signs in again."""
