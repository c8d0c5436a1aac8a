"""Invented rehearsals for the console's scenes: a form, a form with faults, what came of one."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from gamification.readmodels.rehearsals import (
    RuleRehearsal,
    TierRehearsal,
    ToldRule,
    ToldTier,
)
from gamification.readmodels.rule_rehearsal import RuleSample
from gamification.readmodels.tier_rehearsal import TierSample
from gamification.readmodels.views import Named, WhyLine
from tests.preview import people
from webapp.rehearsing.runs import Run
from webapp.words.formats import named
from webapp.words.rehearsals import (
    DOWNGRADES,
    KINDS,
    columns_of,
    group_rows,
    matrix_rows,
    month_rows,
    tier_sample_line,
    unknown_lines,
    weekdays,
)

Values = dict[str, Any]
FIRST, LAST = date(2025, 9, 1), date(2025, 11, 24)
CODES = ("sprout", "leaf", "branch", "wreath")
NAMES = dict(zip(CODES, (people.ROSTOK, people.LIST, people.VETV, people.VENOK), strict=True))
WHO = {
    "rehearsals": ("full", "wrong", "running", "done", "failed"),
    "rehearsals-tiers": ("wrong", "done"),
}


def run_of(who: str) -> Run | None:
    """A rehearsal that goes on, is over, or broke off."""
    state = {"done": "done", "failed": "broken", "running": "running"}.get(who)
    return Run(1, "rule", "", {}, state, 42, None) if state else None


def fill(found: RuleRehearsal | TierRehearsal) -> None:
    """Points day by day, and a spread of members."""
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        found.before[day] = 300 + 37 * n % 211
        found.after[day] = found.before[day] * 13 // 10
    found.money = found.difference * 100
    for member, change in enumerate((2_310, 140, 52, 48, 7, 0, 0, -5, -40, -310)):
        found.spread.add(member, change)


def common(who: str, current: str) -> Values:
    wrong = who == "wrong"
    return {
        "currency": "RUB", "action": "/rehearsals", "run": run_of(who),
        "found": None, "fault": "", "run_hrefs": {"watch": "/rehearsals", "stop": "/x"},
        "values": {"since": FIRST.isoformat(), "till": LAST.isoformat()},
        "errors": {"since": "Первый день позже последнего."} if wrong else {},
        "places": [(_("Earn rule"), "/rehearsals", current == "rule"),
                   (_("Tiers"), "/rehearsals-tiers", current == "tiers")],
        "hrefs": {"publish": "/programme" if who == "done" else ""},
    }  # fmt: skip


def rule(who: str) -> Values:
    """The form of a multiplier, and what a doubled category came to."""
    values = common(who, "rule")
    values["values"] |= {"rule": "new:multiplier", "times": "1" if who == "wrong" else "2",
                         "from": "", "until": "", "first-day": "", "last-day": ""}  # fmt: skip
    if who == "wrong":
        values["errors"] |= {"times": "Напишите, во сколько раз больше: больше 1 и до 100.",
                             "from": "Укажите оба часа, и не одинаковые."}  # fmt: skip
    return values | {
        "found": rule_found() if who == "done" else None,
        "kind": "multiplier", "kind_key": "multiplier:new:multiplier", "stands": False,
        "kinds": [(f"new:{code}", str(label)) for code, label in KINDS.items()],
        "tiers": (), "categories": ["Кофе", "Выпечка", "Чай и травы", "Подарочные карты"],
        "weekdays": weekdays(), "chosen": {"categories": ("Кофе",), "weekdays": ()},
    }  # fmt: skip


def rule_found() -> Values:
    found = RuleRehearsal(640, 10, 1_406, capped=(8, 31), cut=1_205)
    fill(found)
    each, columns = columns_of(found, FIRST, LAST)
    gift = RuleSample(2, 480, 440, 8, "2-004786-Северо-Двинская-касса-12", date(2025, 10, 3),
                      93_000, 93, 53, {}, {})  # fmt: skip
    latte = RuleSample(1, 3_966, 5_472, 7, "3-005717", date(2025, 11, 13), 138_000, 138, 203,
                       None, {})  # fmt: skip
    draft = Named("draft", {"ru": "Черновик", "en": "The draft"})
    samples = (
        ToldRule("Вероника Б.", latte, None,
                 WhyLine("multiplier", Decimal(65), rule=draft, times_pct=200)),
        ToldRule(None, gift, WhyLine("multiplier", Decimal(40), rule=draft, times_pct=300),
                 WhyLine("cap", cap=53)),
    )  # fmt: skip
    codes = {"more_purchases": 0, "unspent": 0, "no_goods": 21, "versions_replaced": 2}
    return {"it": found, "each": each, "columns": columns, "samples": samples,
            "groups": group_rows(found.spread.groups), "unknown": unknown_lines(codes)}  # fmt: skip


def tiers(who: str) -> Values:
    """The form of four tiers, and what three of them came to."""
    values = common(who, "tiers")
    values["values"] |= {"window_days": "365", "term_months": "12", "grace_days": "30",
                         "downgrade": "one_step"}  # fmt: skip
    for n, code in enumerate(CODES, 1):
        values["values"] |= {f"name-{n}": named(NAMES[code]), f"need-{n}": str(4_000 * (n - 1)),
                             f"rate-{n}": str(2 * n + 1)}  # fmt: skip
    if who == "wrong":
        values["errors"] |= {"need-3": "Здесь нужно больше, чем у предыдущего уровня."}
    return values | {
        "found": tiers_found() if who == "done" else None, "rungs": range(1, 5),
        "downgrades": [(code, str(label)) for code, label in DOWNGRADES.items()],
    }  # fmt: skip


def tiers_found() -> Values:
    then = list(CODES[:3])
    matrix = Counter({("sprout", "sprout"): 81, ("leaf", "sprout"): 41, ("leaf", "leaf"): 19,
                      ("branch", "branch"): 56, ("wreath", "branch"): 103})  # fmt: skip
    found = TierRehearsal(300, matrix, 0, 144, {"2025-10": (16, 5), "2025-11": (14, 8)},
                          {"2025-11": (0, 3)})  # fmt: skip
    fill(found)
    each, columns = columns_of(found, FIRST, LAST)
    told = (
        ToldTier("Вероника Б.", TierSample(1, "wreath", "branch", 12_718_600, 0,
                                           date(2024, 11, 9), "reached", -1_018)),
        ToldTier("Егор Я.", TierSample(2, "leaf", "sprout", 310_000, 400_000, None, None, -51)),
        ToldTier(None, TierSample(3, "wreath", "branch", 0, 800_000, date(2025, 11, 1),
                                  "stepped_down", 0)),
    )  # fmt: skip
    return {
        "it": found, "each": each, "columns": columns, "groups": group_rows(found.spread.groups),
        "order": [named(NAMES[code]) for code in then], "months": month_rows(found),
        "matrix": [(named(NAMES[code]), list(zip(then, counts, strict=True)), code)
                   for code, counts in matrix_rows(matrix, list(CODES), then)],
        "samples": [(one, named(NAMES[one.sample.stands]), named(NAMES[one.sample.would]),
                     tier_sample_line(one, NAMES, "RUB", 365)) for one in told],
        "unknown": unknown_lines({"more_purchases": 0, "morning_tier": 0, "settings_then": 5}),
    }  # fmt: skip
