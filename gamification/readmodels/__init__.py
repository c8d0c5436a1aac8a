"""The door for looking at the programme: frozen values for pages and reports."""
