"""The door for looking at the programme: frozen values for pages and reports."""

import gamification.tables  # noqa: F401 - a table that nobody imports does not exist
