"""Check that the books and the medals hold what they promise; read-only, repairs nothing."""
