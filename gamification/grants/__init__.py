"""What a decision asks of the ledger, once per key."""
