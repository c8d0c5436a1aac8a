"""How a basket turns into points: versioned rules and their pure evaluation."""
