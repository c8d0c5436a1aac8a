"""The door for saying something to the programme, a module per kind of person."""

import gamification.tables  # noqa: F401 - a table that nobody imports does not exist
