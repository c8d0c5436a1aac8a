"""Invented shops for the console's overview, its lists, and segments."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gamification.audiences.stages import Rhythm
from gamification.readmodels.audiences import (
    STAGES,
    VALUES,
    AudienceView,
    Choices,
    ListView,
    SamplePerson,
    SegmentView,
    Step,
    Use,
)
from gamification.readmodels.books import Ages, Books, Moved
from gamification.readmodels.cities import Cities, CityChoice
from gamification.readmodels.conditions import EVERYBODY, Audience, canonical, parse_audience
from gamification.readmodels.console_lists import (
    MOVES,
    PeopleList,
    PersonRow,
    PostingList,
    PostingRow,
)
from gamification.readmodels.dashboard import (
    Count,
    Dashboard,
    Funnel,
    RunningChallenge,
    Waiting,
)
from gamification.readmodels.periods import Period, period_of
from gamification.readmodels.views import Named
from gamification.world import fixed_clock
from tests.preview import people
from webapp.console.overview import overview_values
from webapp.console.segment_fields import KINDS, Shelf, fields_of
from webapp.words import audiences
from webapp.words.dashboard import SPANS

Values = dict[str, Any]


class Moment:
    """As much of a world as a period asks for."""

    now = fixed_clock(datetime(2025, 11, 22, 9, 0, tzinfo=UTC))()
    past = False


def period(days: int) -> Period:
    return period_of(Moment(), days, ZoneInfo("Europe/Moscow"))  # type: ignore[arg-type]


def day_of(n: int) -> Moved:
    """A day of a café: it wanders, and once a return is larger than usual."""
    issued = {"purchase": 2_400 + 37 * (n * n % 23), "grant": 150 + 10 * (n % 7)}
    if n % 3 == 0:
        issued |= {"challenge": 400, "invitation": 300, "act": 40 + n}
    return Moved(
        issued, given_back=5 * (n % 4), spent=1_700 + 53 * (n * 7 % 19), taken=90 * (n % 5 == 2),
        lapsed=60 * (n % 2), written_off=12 * (n == 9),
    )  # fmt: skip


def summed(parts: list[Moved]) -> Moved:
    issued: dict[str, int] = {}
    for part in parts:
        for code, points in part.issued.items():
            issued[code] = issued.get(code, 0) + points
    names = ("given_back", "spent", "taken", "lapsed", "repaid", "written_off", "owed")
    return Moved(issued, **{name: sum(getattr(part, name) for part in parts) for name in names})


def books(who: str) -> Books:
    span = period(90 if who == "weeks" else 30)
    many = [] if who == "empty" else [day_of(n) for n in range(len(span.columns))]
    columns = tuple(many or [Moved()] * len(span.columns))
    opening = 0 if who == "empty" else 784_100
    now = summed(list(columns))
    closing = opening + now.change
    ages = Ages(0, (0,) * 5, 0, 0)
    if closing:
        rest = closing - 24_180 - 201_400 - 190_000 - 88_310 - 1_204 - 320
        ages = Ages(24_180, (201_400, rest, 190_000, 88_310, 1_204), 320, 18_400)
    return Books(span, "RUB", 100, opening, now, replace(now, spent=61_000), columns, ages, closing)


CHALLENGES = (
    RunningChallenge(1, Named("week", {"ru": "Неделя завтраков", "en": "A week of breakfasts"}),
                     "live", 41_800, 50_000, date(2025, 11, 10), date(2025, 11, 30), 9, 1_204, 209),
    RunningChallenge(2, Named("tea", {"ru": "Пять чаёв до конца месяца, и шестой от нас",
                                      "en": "Five teas, and the sixth is ours"}),
                     "paused", 1_200, 30_000, date(2025, 11, 1), date(2025, 11, 22), 1, 88, 6),
    RunningChallenge(3, Named("snow", {"ru": "Первый снег", "en": "First snow"}), "scheduled", 0,
                     None, date(2025, 12, 1), date(2025, 12, 24), 33, 0, 0),
)  # fmt: skip


def dashboard(who: str) -> Dashboard:
    span, none = period(90 if who == "weeks" else 30), Count()
    empty = who == "empty"
    active = tuple(0 if empty else 180 + 11 * (n * n % 13) for n in range(len(span.columns)))
    friends = Funnel(*(Count(n, n * 3 // 4) for n in (412, 61, 40, 22, 20)))
    return Dashboard(
        period=span, moment=datetime(2025, 11, 22, 12, 0, tzinfo=UTC),
        members=0 if empty else 9_310,
        active=none if empty else Count(2_140, 1_912), active_by_column=active,
        joined=none if empty else Count(118, 131),
        friends=Funnel(none, none, none, none, none) if empty else friends,
        challenges=() if empty else CHALLENGES,
        waiting=Waiting(0, 0, 0, 0) if empty else Waiting(3, 4, 1, 1),
        began=None if empty else date(2025, 11, 3) if who == "young" else date(2023, 4, 2),
        set_up={"shop": True, "tiers": True, "members": not empty, "purchase": not empty,
                "challenge": False},
    )  # fmt: skip


def overview(who: str) -> Values:
    console = people.CONSOLE
    if who == "empty":
        console = replace(console, last_import=None, newest=())
    return {
        "console": console, **overview_values(books(who), dashboard(who)),
        "spans": [(n, str(word), f"/console?days={n}") for n, word in SPANS.items()],
        "challenge_hrefs": {1: "/x", 2: None, 3: None},
        "people_hrefs": dict.fromkeys(("active", "joined"), "/console-people"),
        "move_hrefs": dict.fromkeys(MOVES, "/console-points"),
        "hrefs": {"upload": "/x", "reviews": "/x", "find": "/find", "invitations": "/x",
                  "tills": "/x", "running": None, "report": "/invitations-report"},
    }  # fmt: skip


def people_list(who: str) -> Values:
    rows = tuple(
        PersonRow(n, f"p{n}", name, date(2024, 3, n), n, 41_200 * n, date(2025, 11, n))
        for n, name in enumerate(("Ана Гогидзе", "", "Пётр Константинович Северо-Двинский"), 1)
    )
    found = PeopleList(period(30), "RUB", () if who == "empty" else rows, 3)
    hrefs = {"back": "/console", "more": None if who == "empty" else "/console-people"}
    return {"found": found, "who": "active", "hrefs": hrefs}


def postings(who: str) -> Values:
    rows = tuple(
        PostingRow(9 - n, date(2025, 11, 20 - n), 300 - n, "act", act, f"p{n}", "Ана Гогидзе")
        for n, act in enumerate(("friend_came", "invited_bonus", "welcome_gift"))
    )
    found = PostingList(period(30), () if who == "empty" else rows, 7)
    return {
        "found": found, "move": "invitation", "moves": [(x, "/console-points") for x in MOVES],
        "hrefs": {"back": "/console", "more": None if who == "empty" else "/console-points"},
    }  # fmt: skip


LISTS = (
    ListView(1, "Бумажные анкеты, осень", 214, 3, 12, 210, people.NOON, "account:1", ()),
    ListView(2, "Гости дня рождения кофейни", 61, 0, 0, 61, people.NOON, "account:1", ()),
)
CONDITIONS = parse_audience(
    {"all": [{"kind": "stage", "stages": ["lapsed"]},
             {"kind": "spend", "at_least": 500_000, "days": 90}],
     "none": [{"kind": "invited"}]}
)  # fmt: skip
SAVED = (
    SegmentView(1, "Давно не были, но любили", CONDITIONS, people.NOON, "account:1", ()),
    SegmentView(2, "Все", EVERYBODY, people.NOON, "account:1", (Use("challenge", 1, "Неделя"),)),
)
CHOICES = Choices(
    (people.ROSTOK, people.LIST), ("explorer", "regular"), ("Кофе", "Выпечка"),
    ("Центр", "Вокзал"), ("till", "web"),
    Cities((CityChoice("москва", "Москва", 4_120), CityChoice("королев", "Королёв", 318),
            CityChoice("петропавловск-камчатский", "Петропавловск-Камчатский", 12)), 1_204),
)  # fmt: skip
RHYTHM = Rhythm(9, 34, 4_120, 2_140, (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))


def shelf() -> Shelf:
    """What conditions may name, in the language of whoever reads."""
    return Shelf(CHOICES, SAVED, LISTS)


def lines_of(audience: Audience) -> list[tuple[str, int, str, str]]:
    """The conditions of an audience, as the pages show them."""
    stored, names = canonical(audience), shelf().names
    return [
        (side, n, audiences.condition_line(one, names, "RUB"), json.dumps(stored[side][n]))
        for side in ("all", "none")
        for n, one in enumerate(getattr(audience, side))
    ]


def segments(who: str) -> Values:
    empty = who == "empty"
    counts = ((audiences.STAGES, STAGES), (audiences.VALUES, VALUES))
    return {
        "maps": [
            (kind, [(words[code], 0 if empty else 120 + 31 * n, "/segment")
                    for n, code in enumerate(codes)])
            for kind, (words, codes) in zip(("stage", "rfm"), counts, strict=True)
        ],
        "rhythm": RHYTHM,
        "rows": [] if empty else [(one, lines_of(one.audience), "/segment", "/x")
                                  for one in SAVED],
        "lists": () if empty else LISTS, "said": "saved" if who == "saved" else "",
        "hrefs": {"new": "/segment", "list": "/list"},
    }  # fmt: skip


def segment(who: str) -> Values:
    kind = {"many": "birthday_month", "money": "spend", "city": "city"}.get(who, "stage")
    audience = EVERYBODY if who == "new" else CONDITIONS
    person = SamplePerson("p1", "Анна С.", people.ROSTOK.code, date(2024, 3, 1), 7, 412_000,
                          date(2025, 10, 2), "lapsed", None, "Королёв")  # fmt: skip
    size = 0 if who == "nobody" else 412
    steps = (Step(None, False, 9_310), Step(CONDITIONS.all[0], False, size))
    wrong = {"name": "Так уже называется другой сегмент."} if who == "wrong" else {}
    view = AudienceView(size, steps, None, (person,) * bool(size))
    return {
        "view": view, "blame": None if size else "Стадия: ушедшие",
        "lines": lines_of(audience), "names": shelf().names, "stages": audiences.STAGES,
        "values": dict.fromkeys(
            ("days", "at_least", "at_most", "within", "segment", "more_cities"), "")
        | {"name": "" if who == "new" else "Давно не были", "side": "all"},
        "errors": wrong, "chosen": {}, "kinds": [(x, str(label)) for x, label in KINDS.items()],
        "kind": kind, "fields": fields_of(kind, shelf()), "currency": "RUB", "fault": "",
        "hrefs": {"save": "/segment", "back": "/segments"},
    }  # fmt: skip


def list_form(who: str) -> Values:
    """Before a file was sent, after a look into one, and refused."""
    looked = who != "new"
    wrong = {"phone": "Ни одна строка не называет участника.", "name": "Такое имя уже есть."}
    return {
        "values": {"name": "Анкеты", "token": "x", "external_id": "", "cards": "Карта",
                   "phone": "Телефон", "email": ""},
        "errors": wrong if who == "wrong" else {}, "file": "ankety.csv" if looked else "",
        "roles": ("external_id", "cards", "phone", "email"),
        "labels": ("Имя", "Телефон", "Карта") if looked else (),
        "sample": (("Анна", "+7 912 345-67-89", "7700-1"), ("", "89123456790", "")),
        "limits": {"mb": 5, "rows": 50_000}, "hrefs": {"send": "/list", "back": "/segments"},
    }  # fmt: skip


def list_report(_who: str) -> Values:
    hrefs = {"back": "/segments", "again": "/list", "use": "/segment"}
    return {"one": LISTS[0], "rows": [4, 9, 17], "hrefs": hrefs}


WHO = {
    "list": ("new", "full", "wrong"),
    "console": ("full", "young", "weeks", "empty"),
    "console-people": ("full", "empty"),
    "console-points": ("full", "empty"),
    "segments": ("full", "saved", "empty"),
    "segment": ("full", "new", "many", "money", "city", "nobody", "wrong"),
}
