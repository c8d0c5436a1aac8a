"""What a till, a shop site or an accounting program may ask over HTTP: API v1."""
