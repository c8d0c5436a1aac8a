"""How long somebody has to wait, in words: seconds, then minutes, then hours, rounded up."""

from collections.abc import Callable
from typing import Any

from webapp.tongue import ngettext
from webapp.words.formats import number

MINUTE, HOUR = 60, 3600


def try_again(seconds: int) -> str:
    """«Повторите через 3 минуты.» Up to two hours in minutes: 65 of them are not two hours."""
    if seconds < MINUTE:
        return ngettext(
            "Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds, n=number(seconds)
        )
    if seconds <= 2 * HOUR - MINUTE:
        minutes = -(-seconds // MINUTE)
        return ngettext(
            "Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes, n=number(minutes)
        )
    hours = -(-seconds // HOUR)
    return ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours, n=number(hours))


FILTERS: dict[str, Callable[..., Any]] = {"try_again": try_again}
