"""Work without a visitor: messages to deliver, and what the clock brings."""
