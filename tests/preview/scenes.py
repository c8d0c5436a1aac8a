"""Which templates there are to look at, and what each is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gamification.readmodels.views import Named
from tests.preview import people

Values = dict[str, Any]
HREFS = {"home": "/home", "card": "/card", "history": "/history", "pending": "/history?f=pending",
         "expiring": "/history?f=expiring", "step": "/card", "all": "/history",
         "retry": "/history"}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A template and the values for one of the invented people."""

    template: str
    values: Callable[[str], Values]
    current: str = ""
    staff: bool = False


def home(who: str) -> Values:
    return {"home": people.HOMES[who], "hrefs": HREFS}


def history(who: str) -> Values:
    kinds = ("all", "earned", "spent", "pending", "expiring", "returned")
    chosen = people.HISTORIES[who]
    return {
        "history": chosen, "filters": [(k, f"/history?f={k}") for k in kinds],
        "more_href": "/history?after=x" if chosen.after else None, "csv_href": "/history.csv",
        "hrefs": HREFS,
    }  # fmt: skip


def card(who: str) -> Values:
    return {"card": people.HOMES[who].card, "home_href": "/home"}


def settings(_who: str) -> Values:
    sessions = [
        {"key": "a", "device": "iPhone, Safari", "place": "Москва", "seen_at": people.NOON,
         "current": True},
        {"key": "b", "device": "Windows, Chrome", "place": None, "seen_at": people.NOON,
         "current": False},
    ]  # fmt: skip
    return {
        "contacts": ["+7 ••• •• 44 17"], "sessions": sessions,
        "hrefs": {"revoke": "/x", "revoke_all": "/x", "sign_out": "/x", "password": "/x"},
    }  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """A tier on the landing page."""

    name: Named
    number: int
    of: int
    rate_bp: int
    need_minor: int


def landing(_who: str) -> Values:
    names = (people.ROSTOK, people.LIST, people.VETV, people.VENOK)
    rates, needs = (300, 500, 700, 1000), (0, 200_000, 500_000, 1_000_000)
    tiers = [Rung(names[i], i + 1, 4, rates[i], needs[i]) for i in range(4)]
    offer = {"rate_bp": 300, "top_rate_bp": 1000, "worth_minor": 100, "currency": "RUB",
             "max_share_pct": 50, "tiers": tiers}  # fmt: skip
    return {"offer": offer, "hrefs": DOORS}


NAMES = "password claim staff again other code recover customer back sign_in"
DOORS = {key: f"/{key}" for key in NAMES.split()}


def door(**extra: Any) -> Callable[[str], Values]:
    """A form of the entrance; `broken` shows it refused."""

    def values(who: str) -> Values:
        wrong = "Код не подошёл. Проверьте цифры или запросите новый." if who == "broken" else ""
        return {
            "action": "/x", "value": "", "error": wrong, "next": "/home", "hrefs": DOORS,
            "contact": "+7 ••• •• 44 17", "sent": False, "dead": False,
            "values": {"code": "", "contact": ""}, "errors": {"code": wrong, "contact": ""},
            "wait": 0, **extra,
        }  # fmt: skip

    return values


def failure(code: int) -> Scene:
    retry = 40 if code == 429 else 0
    values = {"home_href": "/home", "detail": "", "retry": retry}
    return Scene(f"errors/{code}.html", lambda _: values)


SCENES: dict[str, Scene] = {
    "landing": Scene("public/landing.html", landing),
    "sign-in": Scene("entrance/sign_in.html", door()),
    "code": Scene("entrance/code.html", door()),
    "code-wait": Scene("entrance/code.html", door(wait=41)),
    "password": Scene("entrance/password.html", door()),
    "set-password": Scene("entrance/set_password.html", door()),
    "staff": Scene("entrance/staff.html", door()),
    "recover": Scene("entrance/recover.html", door()),
    "recover-sent": Scene("entrance/recover.html", door(sent=True)),
    "new-password": Scene("entrance/new_password.html", door()),
    "claim": Scene("entrance/claim.html", door()),
    **{f"error-{code}": failure(code) for code in (400, 403, 404, 429, 500)},
    "home": Scene("cabinet/home.html", home, "home"),
    "history": Scene("cabinet/history.html", history, "history"),
    "card": Scene("cabinet/card.html", card, "card"),
    "settings": Scene("cabinet/settings.html", settings, "settings"),
}
