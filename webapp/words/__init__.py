"""Words for people: numbers, dates, money and sentences, chosen at the edge."""

from flask import Flask

from webapp.words import (
    acts,
    board,
    celebration,
    challenge_desk,
    challenge_pages,
    console,
    corrections,
    dashboard,
    files,
    formats,
    friends,
    herbarium,
    home,
    inbox,
    invitations,
    invited,
    keys,
    medal_page,
    medals,
    offers,
    operations,
    pieces,
    refusals,
    rehearsals,
    secrets,
    settings,
    shelf,
    steps,
    suspicions,
    tiers,
    waits,
    whys,
)
from webapp.words.formats import (
    day,
    long_day,
    money,
    named,
    number,
    percent,
    points,
    signed,
)
from webapp.words.medals import medal_name, medal_rule
from webapp.words.refusals import refusal_text
from webapp.words.whys import why_text

__all__ = [
    "celebration",
    "day",
    "inbox",
    "invited",
    "keys",
    "long_day",
    "medal_name",
    "medal_rule",
    "money",
    "named",
    "number",
    "percent",
    "points",
    "refusal_text",
    "register",
    "signed",
    "why_text",
]

PARTS = (
    acts,
    board,
    challenge_desk,
    challenge_pages,
    console,
    corrections,
    dashboard,
    files,
    formats,
    friends,
    herbarium,
    home,
    invitations,
    medal_page,
    medals,
    offers,
    operations,
    pieces,
    refusals,
    rehearsals,
    secrets,
    settings,
    shelf,
    steps,
    suspicions,
    tiers,
    waits,
    whys,
)


def register(app: Flask) -> None:
    """Give every template the filters of this package."""
    for module in PARTS:
        app.jinja_env.filters.update(module.FILTERS)
