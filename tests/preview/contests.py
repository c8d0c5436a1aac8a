"""Invented challenges of the invented members of café «Полдень»."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from gamification.readmodels.celebration import Won
from gamification.readmodels.challenges import (
    ChallengePage,
    ChallengesPage,
    ChallengeTerms,
    ChallengeView,
    CountedAct,
    Rung,
    Step,
)
from gamification.readmodels.views import Named
from tests.preview import people

HREFS = {
    "challenges": "/challenges", "coming": "/challenges?who=coming", "history": "/history",
    "card": "/card", "home": "/home", "medals": "/medals",
}  # fmt: skip


def terms(*steps: Step, rungs: tuple[Rung, ...] = (), **more: Any) -> ChallengeTerms:
    goal = steps[0].at_least if len(steps) == 1 else len(steps)
    return ChallengeTerms(steps=steps, ladder=rungs or (Rung(at=goal, points=200),), **more)


def step(kind: str, at_least: int, of: str | None = None, **where: Any) -> Step:
    return Step.model_validate({"kind": kind, "at_least": at_least, "of": of, "where": where})


def counted(day: int, *brought: str) -> CountedAct:
    at = datetime(2025, 11, day, 9, 12, tzinfo=UTC)
    return CountedAct(f"17000000000000{day:02}.{day}", "purchase", at, 42_000 + 900 * day,
                      "Чистые пруды", brought)  # fmt: skip


def view(code: str, ru: str, en: str, about: dict[str, str], asked: ChallengeTerms,
         **more: Any) -> ChallengeView:  # fmt: skip
    values = {
        "id": len(code), "code": code, "period": "", "name": Named(code, {"ru": ru, "en": en}),
        "about": Named(code, about), "terms": asked, "state": "going",
        "starts": people.NOON - timedelta(days=9),
        "ends": people.NOON + timedelta(days=2, hours=14),
        "score": 2, "steps": (0,) * len(asked.steps), "rung": 0, "points": 0,
    }  # fmt: skip
    return ChallengeView(**(values | more))


BUNS = view(
    "buns", "Неделя выпечки", "Pastry Week",
    {"ru": "Три разные булочки до вторника.", "en": "Three different buns by Tuesday."},
    terms(step("distinct", 3, "sku", categories=("Выпечка",)),
          art={"scene": "coral", "glyph": "croissant"}),
    may_leave=True, counted=(counted(21, "Выпечка"), counted(18, "Выпечка", "Кофе")),
)  # fmt: skip
PLACES = view(
    "places", "Новый адрес", "A New Address",
    {"ru": "Загляните в кофейню, где ещё не были.", "en": "Look into a café that is new to you."},
    terms(step("distinct", 1, "store"), enrol="button", art={"scene": "sky", "glyph": "compass"}),
    state="open", may_join=True, score=0, ends=people.NOON + timedelta(days=6),
)  # fmt: skip
MORNING = view(
    "morning", "Утро до десяти", "Before Ten", {},
    terms(step("count", 5, categories=("Кофе",), hours=((480, 600),), weekdays=(1, 2, 3, 4, 5)),
          art={"scene": "sun", "glyph": "sun"}, medal=True),
    score=4, ends=people.NOON + timedelta(days=9), is_paused=True,
)  # fmt: skip
MONEY = view(
    "money", "Очень длинное имя одного зимнего задания", "The Very Long Name of a Winter Challenge",
    {}, terms(step("sum", 1_000_000), rungs=(Rung(at=300_000, points=50), Rung(at=1_000_000,
              points=200)), max_winners=100, art={"scene": "mint", "glyph": "coins"}),
    score=640_000, rung=1, points=50, ends=people.NOON + timedelta(minutes=42), prizes_gone=True,
    winners=37, counted=(counted(20, "Зёрна"),),
)  # fmt: skip
STEPS = view(
    "steps", "Большой круг", "The Grand Tour", {},
    terms(step("count", 3, categories=("Чай",)), step("sum", 200_000, categories=("Зёрна",)),
          step("best", 150_000), in_order=True, art={"scene": "iris", "glyph": "rocket"}),
    score=1, steps=(3, 99_000, 0),
)  # fmt: skip
SOON = view(
    "soon", "Тёплые вечера", "Warm Evenings", {}, terms(step("count", 3)), state="coming",
    score=0, starts=people.NOON + timedelta(days=17), ends=people.NOON + timedelta(days=24),
)  # fmt: skip
WON_ONE = replace(BUNS, state="won", score=3, points=200, medal="challenge.buns",
                  completed_at=people.NOON - timedelta(days=1), may_leave=False)  # fmt: skip
MISSED = replace(BUNS, code="missed", state="missed", may_leave=False,
                 ends=people.NOON - timedelta(days=3))  # fmt: skip
CALLED_OFF = replace(PLACES, code="off", state="cancelled", may_join=False, points=30)
LEFT = replace(MORNING, code="left", state="left", may_join=True, is_paused=False)
WON = Won(1, "buns", "", BUNS.name, 200, BUNS.terms, "paid")
ON_HOME = {"full": BUNS, "champion": MONEY, "nearly": BUNS}
WHO = {
    "challenges": ("full", "coming", "over", "waits", "empty", "none"),
    "challenge": ("full", "open", "ladder", "steps", "won", "missed", "coming", "left", "off"),
}  # fmt: skip
RUNNING = (MORNING, BUNS, MONEY, STEPS, PLACES, LEFT)
PAGES = {
    "full": ("now", ChallengesPage(people.NOON, "RUB", RUNNING, (SOON,), (WON_ONE, MISSED))),
    "coming": ("coming", ChallengesPage(people.NOON, "RUB", (), (SOON,))),
    "over": ("over", ChallengesPage(people.NOON, "RUB", (), (), (WON_ONE, MISSED, CALLED_OFF))),
    "waits": ("now", ChallengesPage(people.NOON, "RUB", (), (SOON,))),
    "empty": ("now", ChallengesPage(people.NOON, "RUB")),
    "none": ("over", ChallengesPage(people.NOON, "RUB")),
}
ONES = {
    "full": BUNS, "open": PLACES, "ladder": MONEY, "steps": STEPS, "won": WON_ONE,
    "missed": MISSED, "coming": SOON, "left": LEFT, "off": CALLED_OFF,
}  # fmt: skip


def all_values(who: str) -> dict[str, Any]:
    """What the page of challenges is given."""
    chosen, page = PAGES.get(who, PAGES["full"])
    shown = {"now": page.current, "coming": page.coming, "over": page.over}
    return {
        "view": page, "chosen": chosen, "shown": shown[chosen], "fault": "", "acts": True,
        "counts": {key: len(found) for key, found in shown.items()}, "hrefs": HREFS,
        "tabs": {"now": "/challenges", "coming": "/challenges?who=coming",
                 "over": "/challenges?who=over"},
    }  # fmt: skip


def one_values(who: str) -> dict[str, Any]:
    """What the page of one challenge is given."""
    one = ONES.get(who, BUNS)
    earlier = (MISSED,) if who in ("full", "won") else ()
    fault = "Призы этого задания закончились." if who == "open" else ""
    return {
        "view": ChallengePage(people.NOON, "RUB", one, earlier), "acts": True, "fault": fault,
        "hrefs": HREFS,
    }  # fmt: skip
