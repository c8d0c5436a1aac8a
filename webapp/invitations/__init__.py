"""Links of friends on the way from a click to a sign-up: whose, opened by whom, counted once."""
