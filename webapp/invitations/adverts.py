"""Whether an advertisement in a search led here: by what such a click adds to the address."""

from urllib.parse import parse_qsl, urlsplit

from webapp.serving import this_request

CLICK_MARKS = frozenset(("yclid", "gclid", "gbraid", "wbraid", "gclsrc", "msclkid", "dclid"))
"""Numbers of clicks that were paid for. Not `ysclid` and `srsltid`: those were free."""
MEDIUMS = frozenset(
    ("cpc", "ppc", "cpm", "cpa", "paid", "paidsearch", "paid-search", "paid_search", "sem", "ads")
)
PAID_HOSTS = ("googleadservices.com", "doubleclick.net", "an.yandex.ru", "yabs.yandex.ru")


def is_paid() -> bool:
    """Whether the request that is answered came from an advertisement; nothing else is noted."""
    asked = this_request().args
    if any(name.lower() in CLICK_MARKS for name in asked):
        return True
    medium = asked["utm_medium"].strip().lower() if "utm_medium" in asked else ""
    return medium in MEDIUMS or is_from_advert()


def is_from_advert() -> bool:
    """Whether the page before was an advertisement's, or was itself opened from one."""
    told = this_request().environ.get("HTTP_REFERER", "")
    if not told:
        return False
    try:
        before = urlsplit(told[:2_000])
        host = before.hostname or ""
    except ValueError:  # nobody's address
        return False
    if any(host == one or host.endswith(f".{one}") for one in PAID_HOSTS):
        return True
    marks = {name.lower() for name, _ in parse_qsl(before.query, keep_blank_values=True)}
    return bool(marks & CLICK_MARKS)
