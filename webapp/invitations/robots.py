"""Who opens a link without being a person: previews of messengers, search, browsers that guess."""

import re
from collections.abc import Mapping
from functools import lru_cache

from webapp.serving import this_request

MACHINES = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|facebookexternalhit|facebookcatalog|vkshare|embedly"
    r"|preview|mediapartners|odklbot|pinterest/|snapchat/|bitlybot|skypeuri|redditbot|iframely"
    r"|^(?:whatsapp|viber|icq|curl|wget|python|java|okhttp|go-http|node|axios|libwww|ruby|php)",
    re.IGNORECASE,
)
"""Robots by their own description. CUBOT is a phone; people in a messenger say Mozilla first."""
AHEAD = ("HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_SEC_PURPOSE", "HTTP_X_MOZ")
GUESSES = ("prefetch", "prerender", "preview")


def is_robot() -> bool:
    """Whether nobody looks at the answer of this request, as far as it says so."""
    said = this_request().environ
    agent = said.get("HTTP_USER_AGENT", "")
    return said["REQUEST_METHOD"] == "HEAD" or not agent or is_machine(agent) or is_ahead(said)


@lru_cache(maxsize=1024)
def is_machine(agent: str) -> bool:
    """Whether a description is a robot's; the same few come again and again."""
    return bool(MACHINES.search(agent))


def is_ahead(said: Mapping[str, str]) -> bool:
    """Whether a browser fetches what its owner may never open."""
    told = " ".join([said[name] for name in AHEAD if name in said]).lower()
    return any(word in told for word in GUESSES) if told else False
