"""The face of Laurel: pages, API, commands, jobs."""
