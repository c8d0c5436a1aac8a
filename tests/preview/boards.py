"""Invented boards of medals: a full one, an empty one, and pages of single medals."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from flask import request

from gamification.achievements.rarity import band_of
from gamification.achievements.shipped import MedalChoices, ShippedMedal, shipped_medals
from gamification.readmodels.board import Board, BoardMedal, MedalLevel, Rarity
from gamification.readmodels.countings import Counted
from gamification.readmodels.medal_page import MedalPage, Subject, TakenBack
from gamification.readmodels.views import MedalTile, Named
from webapp.cabinet.shelves import (
    SHAPES,
    STATES,
    Wish,
    closest,
    families_of,
    how_many,
    in_pane,
    nearest,
    sought,
)
from webapp.words.board import filter_words, searched_words

TODAY = date(2025, 11, 22)
POINTS = (30, 60, 150, 400)
EARNED: dict[str, tuple[int, str, int, int]] = {
    # level held, day, share of members, progress to the next level
    "first_purchase": (1, "2024-12-03", 9_400, 0),
    "second_visit": (1, "2024-12-11", 6_100, 0),
    "regular": (3, "2025-11-03", 620, 187),
    "weekly_rhythm": (2, "2025-10-20", 1_200, 11),
    "explorer": (3, "2025-11-18", 810, 14),
    "store_hopper": (1, "2025-04-02", 4_400, 2),
    "connoisseur": (2, "2025-09-14", 1_900, 48),
    "eleventh_on_us": (1, "2025-11-12", 3_100, 7),
    "early_bird": (2, "2025-11-21", 930, 31),
    "saver": (4, "2025-11-20", 140, 0),
    "welcome_back": (1, "2025-06-01", 90, 0),
    "nice_to_meet": (1, "2024-12-03", 5_500, 0),
}
BEGUN = {"night_owl": 0, "weekender": 3, "happy_hour": 0, "full_basket": 0, "both_worlds": 1,
         "stay_in_touch": 1, "daily_visitor": 2, "birthday_guest": 0, "ambassador": 0,
         "life_of_party": 0}  # fmt: skip
PINNED = {"weekender": 2, "regular": 1}
SHIPPED = shipped_medals(MedalChoices(eleventh_categories=("Кофе",)))
NEEDS = {"second_visit": 14, "full_basket": 15, "welcome_back": 60}


def levels(medal: ShippedMedal, held: int, on: date | None) -> tuple[MedalLevel, ...]:
    return tuple(
        MedalLevel(n, need, POINTS[n - 1], on if n <= held else None)
        for n, need in enumerate(medal.thresholds, 1)
    )


def goal_of(medal: ShippedMedal, held: int, done: int) -> MedalTile | None:
    level = 1 if medal.occurrence == "every" else held + 1
    if level > len(medal.thresholds):
        return None
    target = medal.thresholds[level - 1]
    veiled = medal.visibility == "teaser" and not held
    return MedalTile(
        medal.code, level, "under_way" if done else "not_started", done, target,
        needs=NEEDS.get(medal.code), categories=("Кофе",) if "eleventh" in medal.code else (),
        subject=Named("Кофе") if medal.code == "connoisseur" else None, veiled=veiled,
    )  # fmt: skip


def medal_of(medal: ShippedMedal, *, begun: bool = True, pins: bool = True) -> BoardMedal:
    """A medal of Anna's, or of somebody who has none."""
    held, day, share, done = EARNED.get(medal.code, (0, "", 0, BEGUN.get(medal.code, 0)))
    if not begun:
        held, day, done = 0, "", 0
    on = date.fromisoformat(day) if day else None
    goal = goal_of(medal, held, done)
    tile = goal
    if held:
        target = medal.thresholds[held - 1]
        tile = MedalTile(
            medal.code, held, "earned", target, target, on, fresh=medal.code == "early_bird",
            needs=NEEDS.get(medal.code), categories=("Кофе",) if "eleventh" in medal.code else (),
            subject=Named("Кофе") if medal.code == "connoisseur" else None,
        )  # fmt: skip
    assert tile is not None
    pinned = PINNED.get(medal.code) if pins and begun else None
    return BoardMedal(
        tile=tile._replace(pinned=pinned is not None), goal=goal, levels=levels(medal, held, on),
        repeats=medal.occurrence == "every", times=3 if held and "eleventh" in medal.code else 0,
        pinned_at=pinned, rarity=Rarity(band_of(share), share) if held else None,
        run=3 if medal.code == "weekly_rhythm" and begun else None,
    )  # fmt: skip


def whole(*, begun: bool = True, pins: bool = True) -> Board:
    known = [m for m in SHIPPED if m.visibility != "secret" or (begun and m.code in EARNED)]
    medals = tuple(medal_of(m, begun=begun, pins=pins) for m in known)
    hidden = tuple(m.code for m in SHIPPED if m not in known)
    near = [medal for medal in medals if medal.goal is not None and medal.goal.done]
    near.sort(key=lambda medal: -(medal.goal.percent if medal.goal else 0))
    return Board(TODAY, 61 if begun else 0, medals, hidden, tuple(near))


BOARDS = {
    "full": (whole(), Wish()),
    "plain": (whole(pins=False), Wish(medal="saver")),
    "empty": (whole(begun=False), Wish()),
    "near": (whole(), Wish(chosen="near")),
    "family": (whole(), Wish(chosen="rituals")),
    "none": (whole(begun=False), Wish(chosen="earned")),
    "lost": (whole(), Wish(query="самовар")),
}


def board_values(who: str) -> dict[str, Any]:
    """What the board's template is given."""
    board, wish = BOARDS.get(who, BOARDS["full"])
    wish = wish._replace(medal=request.args.get("medal", wish.medal))
    shown = sought(board, wish, searched_words)
    counts = {key: how_many(board, key) for key in (*STATES, *SHAPES)}
    there = {key: n for key, n in counts.items() if n or key in STATES}
    hrefs = {key: f"/medals?who={'full' if key == 'all' else 'near'}&f={key}" for key in there}
    return {
        "board": board, "wish": wish, "shown": shown, "families": families_of(board, shown),
        "near": nearest(board), "closest": closest(board, wish),
        "pane": in_pane(board, shown, wish), "pins": "/pins", "part": False,
        "filters": filter_words(there, SHAPES, hrefs, wish.chosen),
        "hrefs": {"medals": "/medals", "card": "/card", "shelf": "/shelf"},
    }  # fmt: skip


def counted(hour: int, day: int, **more: Any) -> Counted:
    at = datetime(2025, 11, day, hour, 12, tzinfo=UTC)
    values = {"amount_minor": 42_000 + 900 * day, "place": "Чистые пруды", "added": 1} | more
    return Counted(f"17000000000000{day:02}.{day}", "purchase", at, **values)


def page_of(code: str, **more: Any) -> MedalPage:
    shipped = next(m for m in SHIPPED if m.code == code)
    medal = medal_of(shipped)
    found = MedalPage(
        TODAY, "RUB", medal, tuple(counted(7, day) for day in (21, 18, 14, 11, 7, 4)), True,
    )  # fmt: skip
    if medal.held:
        at = datetime(2025, 11, 21, 7, 12, tzinfo=UTC)
        found = replace(found, earned_by="1700000000000021.21", earned_at=at)
    return replace(found, **more)


def categories() -> MedalPage:
    page = page_of("connoisseur")
    names = {"Кофе": 48, "Выпечка": 12, "Завтраки": 4}
    subjects = tuple(
        Subject(Named(n), page.medal._replace(tile=page.medal.tile._replace(subject=Named(n))))
        for n in names
    )
    return replace(page, subjects=subjects)


PAGES = {
    "full": page_of("early_bird"),
    "locked": page_of("daily_visitor", counted=(), more=False),
    "veiled": page_of("night_owl", counted=(), more=False),
    "taken": page_of(
        "weekender", taken=TakenBack(1, date(2025, 11, 9), "1700000000000009.9"), more=False
    ),
    "top": page_of("saver", counted=(counted(9, 20, added=134), counted(12, 18, added=48))),
    "kinds": page_of("explorer", counted=(
        counted(9, 18, brought="Десерты и очень длинные названия"), counted(12, 4, brought="Чай"))),
    "categories": categories(),
}  # fmt: skip


def medal_values(who: str) -> dict[str, Any]:
    """What the template of a medal's page is given."""
    return {
        "medal": PAGES.get(who) or page_of(who), "pins": True,
        "hrefs": {"medals": "/medals", "pin": "/pin", "history": "/history", "card": "/card",
                  "share": "/share"},
    }  # fmt: skip
