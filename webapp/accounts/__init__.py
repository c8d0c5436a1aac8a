"""Who may come in: accounts, sessions, one-time codes, throttles."""
