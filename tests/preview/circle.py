"""Invented friends of the invented members of café «Полдень»."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gamification.commands.referrals import ReferralTerms
from gamification.readmodels.friends import (
    FriendCase,
    FriendRow,
    FriendsPage,
    Funnel,
    Ladder,
    Rung,
)
from tests.preview import people
from webapp.tongue import gettext
from webapp.words.friends import WORD_FAULTS
from webapp.words.shares import share_words

BASE, SHOP = "https://club.example", "Полдень"
TERMS = ReferralTerms(referrer_points=300, friend_points=300, minimum=30_000, hold_days=14)
HREFS: dict[str, Any] = {
    "friends": "/friends", "qr": "/friends-qr", "draw": "/x", "renew": "/x", "word": "/x",
    "drop": "/x", "remind": "/x", "appeal": lambda _id: "/friends-appeal",
    "medal": "/medals/ambassador", "home": "/home",
}  # fmt: skip


def friend(number: int, name: str | None, state: Any, ago: int, **more: Any) -> FriendRow:
    joined = people.TODAY - timedelta(days=ago)
    bought = joined + timedelta(days=2) if state not in ("registered", "expired") else None
    arrives = bought + timedelta(days=14) if bought else None
    paid = arrives if state in ("rewarded", "qualified") else None
    sums = {"points": 300 if state in ("rewarded", "purchased") else 0, "reason": None} | more
    return FriendRow(
        number, name, state, joined, joined + timedelta(days=60), bought, arrives, paid, **sums
    )


FRIENDS = (
    friend(15, "Маша К.", "purchased", 6),
    friend(16, "Павел Т.", "rewarded", 21),
    friend(17, "Лена Р.", "registered", 3),
    friend(23, "Анна-Мария", "registered", 9, reminded=True),
    friend(18, None, "in_review", 17, reason="in_review"),
    friend(19, "Константин Ш.", "qualified", 40, reason="cap"),
    friend(20, None, "reversed", 44, reason="returned"),
    friend(21, "Оля", "expired", 70, reason="too_late"),
    friend(22, None, "blocked", 75, reason="same_person"),
)
SAID = date(2025, 11, 20)
STOPPED = (
    friend(24, "Маша К.", "purchased", 6, doubt="cap"),
    friend(25, None, "purchased", 7, doubt="budget"),
    friend(18, None, "in_review", 17, reason="in_review", can_appeal=True),
    friend(26, "Лев Б.", "in_review", 18, reason="in_review", appeal="open", appealed=SAID),
    friend(22, None, "blocked", 20, reason="same_person", can_appeal=True),
    friend(27, "Константин-Александр Ш.", "blocked", 30, reason="not_new", appeal="refused",
           appealed=SAID, answered=people.TODAY),
    friend(28, "Ия", "rewarded", 30, appeal="accepted", appealed=SAID, answered=people.TODAY),
)  # fmt: skip
WROTE = "Мы с сестрой живём вместе и заходим с одного планшета. Карты у нас разные."
NEEDS, POINTS = (1, 4, 8, 20), (0, 150, 500, 1_000)


def ladder(held: int, done: int) -> Ladder:
    steps = enumerate(zip(NEEDS, POINTS, strict=True), 1)
    rungs = [Rung(n, need, points, n <= held) for n, (need, points) in steps]
    return Ladder("ambassador", done, tuple(rungs))


FULL = FriendsPage(
    today=people.TODAY, currency="RUB", terms=TERMS, drawn="7K2FQ9XM", own="АННА",
    since=date(2025, 9, 3), funnel=Funnel(24, 9, 6), earned=1_800, coming=300, friends=FRIENDS,
    ladder=ladder(2, 6), before=(1, 1),
)  # fmt: skip
EMPTY = replace(
    FULL, own=None, since=people.TODAY, funnel=Funnel(0, 0, 0), earned=0, coming=0, friends=(),
    ladder=ladder(0, 0), before=None,
)  # fmt: skip
PAGES = {
    "full": FULL,
    "empty": EMPTY,
    "none": replace(EMPTY, drawn=None, since=None),
    "off": replace(FULL, terms=replace(TERMS, is_on=False), before=None),
    "broken": replace(FULL, own="CONSTANTINOPLE-22000"),
    "stopped": replace(FULL, friends=STOPPED, coming=300, perhaps=600, before=None),
    "short": replace(
        FULL, fund="short", before=None,
        terms=replace(TERMS, referrer_points=0, friend_points=0, budget=50_000),
    ),
    "champion": replace(
        FULL, ladder=ladder(4, 22), funnel=Funnel(31, 22, 22), coming=0,
        terms=replace(TERMS, share_percent=5, welcome_points=100, hold_days=0),
    ),
}  # fmt: skip


def shared(view: FriendsPage) -> Any:
    """What is sent, where there is a link."""
    if view.code is None or not view.terms.is_on:
        return None
    code = view.own.lower() if view.own else view.code
    return share_words(BASE, code, view.terms, "RUB", SHOP)


def friends(who: str) -> dict[str, Any]:
    """The page of friends."""
    view = PAGES.get(who, FULL)
    broken = who == "broken"
    return {
        "view": view, "share": shared(view), "qr_href": "/code.svg", "first": True,
        "more_href": "/friends?before=x" if view.before else None, "hrefs": HREFS,
        "typed": "анна" if broken else "", "fault": gettext(WORD_FAULTS["taken"]) if broken else "",
    }  # fmt: skip


def appeal(who: str) -> dict[str, Any]:
    """A word about an invitation: to be written, too long, waiting, answered, too late."""
    row = {"sent": STOPPED[3], "answered": STOPPED[5], "late": FRIENDS[8]}.get(who, STOPPED[2])
    broken = who == "broken"
    return {
        "case": FriendCase(people.TODAY, row, WROTE if who in ("sent", "answered") else ""),
        "typed": WROTE * 8 if broken else "", "fault": "Не больше 500 знаков." if broken else "",
        "most": 500, "hrefs": {"send": "/x", "back": "/friends"},
    }  # fmt: skip


def past(_who: str) -> dict[str, Any]:
    """The page while a past day is shown."""
    return {"home_href": "/home"}


def large(_who: str) -> dict[str, Any]:
    """The code on the whole screen."""
    return {"view": FULL, "share": shared(FULL), "qr_href": "/code.svg", "back_href": "/friends"}
