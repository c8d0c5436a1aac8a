"""Who opens a link without being a person: previews of messengers, search, browsers that guess."""

import re

from flask import request

MACHINES = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|facebookexternalhit|facebookcatalog|vkshare|embedly"
    r"|preview|mediapartners|odklbot|pinterest/|snapchat/|bitlybot|skypeuri|redditbot|iframely"
    r"|^(?:whatsapp|viber|icq|curl|wget|python|java|okhttp|go-http|node|axios|libwww|ruby|php)",
    re.IGNORECASE,
)
"""Robots by their own description. CUBOT is a phone; people in a messenger say Mozilla first."""
AHEAD = ("Purpose", "X-Purpose", "Sec-Purpose", "X-Moz")
GUESSES = ("prefetch", "prerender", "preview")


def is_robot() -> bool:
    """Whether nobody looks at the answer of this request, as far as it says so."""
    agent = request.headers.get("User-Agent", "")
    return request.method == "HEAD" or not agent or bool(MACHINES.search(agent)) or is_ahead()


def is_ahead() -> bool:
    """Whether a browser fetches what its owner may never open."""
    told = " ".join(request.headers.get(name, "") for name in AHEAD).lower()
    return any(word in told for word in GUESSES)
