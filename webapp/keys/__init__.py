"""Keys of tills and shop sites: made on the command line or by the owner, checked by the API."""
