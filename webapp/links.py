"""Addresses that leave the house: in messages and on slips."""

from flask import request, url_for

from webapp.surroundings import here


def public_href(endpoint: str, **values: str) -> str:
    """The whole address of a page, from the configured one, never from what a request says.

    Only a demo or a test without a configured address takes the request's own, which is
    one of the trusted hosts.
    """
    settings = here().settings
    path = url_for(endpoint, _external=False, **values)
    if settings.public_url:
        return settings.public_url + path
    return request.host_url.rstrip("/") + path
