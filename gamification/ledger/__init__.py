"""Points: accounts, transfers, lots and allocations. Nothing else writes points."""
