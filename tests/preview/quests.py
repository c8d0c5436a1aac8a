"""Invented challenges for the console's scenes: the list, a draft, a running and an ended one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gamification.challenges.queries import challenge_rule
from gamification.challenges.tables import Challenge
from gamification.challenges.uplift import cost_per_extra, counted, uplift, verdict
from gamification.commands.challenge_desk import ChallengeNow
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
)
from gamification.readmodels.challenge_desk import (
    TEMPLATES,
    DeskFacts,
    DeskRow,
    LogLine,
    Rehearsal,
    Revision,
    Sample,
)
from gamification.readmodels.challenge_report import ChallengeReport, Effect, Oddity
from gamification.readmodels.conditions import parse_audience
from gamification.readmodels.views import Named
from tests.preview.overviews import segment, shelf
from webapp.console.challenge_builder import offers_of
from webapp.console.challenge_forms import form_of
from webapp.console.challenges import grouped
from webapp.words.challenge_charts import cost_chart
from webapp.words.challenge_monitor import monitor_words, newer_terms_text
from webapp.words.challenge_preflight import (
    budget_advice,
    check_lines,
    day_strip,
    faults_in_words,
    launch_label,
    visible_effect,
)
from webapp.words.challenge_preview import preview_cards
from webapp.words.challenge_rehearsal import rehearsal_words
from webapp.words.challenge_templates import FACES

Values = dict[str, Any]
ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2025, 11, 22, 12, 4, tzinfo=ZONE)
STARTS, ENDS = datetime(2025, 11, 25, tzinfo=ZONE), datetime(2025, 12, 2, tzinfo=ZONE)
FACTS = DeskFacts(
    NOW, "RUB", ("Кофе", "Выпечка", "Завтраки"), ("Маросейка", "Покровка"),
    (Named("seed", {"ru": "Росток", "en": "Sprout"}),), 9_310, 4_100, 7,
)  # fmt: skip
TERMS = ChallengeTerms(
    steps=(
        Step.model_validate(
            {"kind": "distinct", "of": "sku", "at_least": 3,
             "where": {"categories": ("Выпечка",), "amount_from": 15_000}}
        ),
    ),
    ladder=(Rung(at=3, points=200),), stamps=True, remind_days=(3, 1), medal=True,
    art={"scene": "coral", "glyph": "croissant"},
    audience={"all": [{"kind": "not_bought", "categories": ["Выпечка"], "days": 60},
                      {"kind": "recency", "days": 30, "within": False}]},
)  # fmt: skip
WORDS = {"ru": ChallengeWords("Неделя выпечки"), "en": ChallengeWords("Bakery week")}
PLAN = ChallengePlan("collect", TERMS, WORDS, STARTS, ENDS, 250_000)
DAYS = [date(2025, 10, 28) + timedelta(days=n) for n in range(7)]
COST = dict(zip(DAYS, (6_000, 14_200, 28_600, 46_400, 61_000, 56_400, 44_200), strict=True))


def list_values(who: str) -> Values:
    """Challenges of every state, or none yet."""
    plain = {"names": {"ru": "Неделя выпечки", "en": "Bakery week"}, "starts": STARTS,
             "ends": ENDS, "budget": 250_000, "saved": NOW}  # fmt: skip
    rows = tuple(
        DeskRow(n, f"c{n}", "collect", state, spent=spent, in_play=play, finished=done, art=art,
                **plain)
        for n, state, spent, play, done, art in (
            (1, "live", 122_400, 4_120, 612, {"scene": "coral", "glyph": "croissant"}),
            (2, "paused", 900, 40, 4, {"scene": "sun", "glyph": "flame"}),
            (3, "draft", 0, 0, 0, {"scene": "mint", "glyph": "receipt"}),
            (4, "ended", 248_000, 5_000, 1_240, {"scene": "iris", "glyph": "people"}),
        )
    )  # fmt: skip
    return {
        "groups": [] if who == "empty" else grouped(rows),
        "away": () if who == "empty" else (replace(rows[2], id=5),),
        "templates": [(code, FACES[code]) for code in TEMPLATES], "today": NOW.date(), "now": NOW,
        "said": "", "fault": "",
        "hrefs": {"new": "/challenges", "segments": "/segments",
                  **{n: {"open": "/challenge", "copy": "/x", "away": "/x"} for n in range(1, 6)}},
    }  # fmt: skip


def found_rehearsal() -> Rehearsal:
    samples = tuple(
        Sample(n, verdict, score, (score,), STARTS if verdict == "passed" else None, 200)
        for n, verdict, score in ((1, "passed", 3), (2, "close", 2), (3, "idle", 0))
    )
    return Rehearsal(
        asked=9_310, treatment=8_379, begun=3_000, finished=1_284, cost=COST, points=256_800,
        samples=samples, unknown=("more_purchases",),
    )  # fmt: skip


class Job:
    """A rehearsal that is over, or one under way."""

    def __init__(self, *, running: bool) -> None:
        self.is_running, self.percent, self.failed, self.period = running, 42, "", "before"


def panel(who: str) -> Values:
    """The rehearsal's panel."""
    hrefs = {"watch": "/challenge-rehearsal", "stop": "/x"}
    if who in ("fresh", "wrong"):
        return {"job": None, "hrefs": hrefs}
    values = {"hrefs": hrefs, "is_stale": False, "first": DAYS[0], "last": DAYS[-1]}
    if who == "running":
        return values | {"job": Job(running=True)}
    names = {1: "Анна С.", 2: "Борис К.", 3: "Вера Л."}
    said = rehearsal_words(found_rehearsal(), PLAN, FACTS, names)
    return values | {"job": Job(running=False), "said": said,
                     "chart": cost_chart(DAYS, COST, PLAN.budget)}  # fmt: skip


def whom() -> Values:
    """Whom the conditions hold for."""
    found = segment("full")
    return {name: found[name] for name in ("view", "names", "stages", "blame")}


EVERY_KIND = (
    {"kind": "stage", "stages": ["lapsed"]}, {"kind": "rfm", "values": ["loyal", "champions"]},
    {"kind": "recency", "days": 30, "within": False}, {"kind": "frequency", "at_least": 2},
    {"kind": "spend", "at_most": 150_000_00, "days": 365},
    {"kind": "bought", "categories": ["Выпечка", "Завтраки", "Кофе"], "days": 60},
    {"kind": "visited", "stores": ["Центр"], "channels": ["till"]},
    {"kind": "tier", "tiers": ["seed"]}, {"kind": "medal", "medal": "explorer", "level": 2},
    {"kind": "birthday_month"},
    {"kind": "city", "cities": ["Королёв", "Тверь"], "unknown": True},
    {"kind": "joined", "days": 30}, {"kind": "consent", "purpose": "marketing"},
    {"kind": "inviter", "at_least": 2},
    {"kind": "segment", "segment_id": 1}, {"kind": "member_list", "list_id": 2},
)  # fmt: skip
WHOM = {"all": EVERY_KIND, "none": [{"kind": "invited"},
                                    {"kind": "not_bought", "categories": ["Подарки"]}]}  # fmt: skip


def draft_values(who: str) -> Values:
    """A draft that was rehearsed, a fresh one, one with faults, a rehearsal under way.

    That of `whom` asks for everything that can be asked of a member.
    """
    plan = PLAN if who != "fresh" else ChallengePlan("collect", TERMS, WORDS, STARTS, ENDS, None)
    if who == "whom":
        terms = TERMS.model_copy(update={"audience": WHOM})
        plan = ChallengePlan("collect", terms, WORDS, STARTS, ENDS, 250_000)
    faults = () if who == "full" else (("budget", "missing", {}),)
    now = ChallengeNow(1, "c1", "draft", 2, 0, plan, faults, 0, None)
    form = form_of(plan, 2, FACTS)
    if who == "wrong":
        form.errors = {"s0_n": "Нужно целое число от 1 до 1000000.",
                       "ends": "Конец должен быть позже начала.",
                       "a1_days": "Нужно целое число от 1 до 3660."}  # fmt: skip
    if who == "whom":
        form.values["opened"] = "5"
    shown = panel(who)
    is_over = "chart" in shown
    advice = budget_advice(plan, found_rehearsal(), shown["chart"]) if is_over else None
    words = faults_in_words(now, {})
    revisions = tuple(
        Revision(n, NOW - timedelta(minutes=5 * (2 - n)), "account:1", {}) for n in (2, 1)
    )
    known = shelf().holding(parse_audience(plan.terms.audience))
    return {
        "now": now, "facts": FACTS, "form": form, "overtaken": "own" if who == "mine" else "",
        "closed": who == "closed", "said": "", "fault": "",
        "title": "Неделя выпечки", "cards": preview_cards(plan, FACTS), "rehearsal": shown,
        "advice": advice, "faults": {one.field: one for one in words},
        "checks": check_lines(now, words, advice, 6_110), "launch_label": launch_label(plan, FACTS),
        "size": 9_310, "control": 931, "effect": visible_effect(9_310, plan, FACTS),
        "whom": whom(), "strip": day_strip(plan, FACTS),
        "offers": offers_of(FACTS, form, known), "is_live": False,
        "revisions": revisions, "saved_at": NOW, "undo": 1, "people": {"account:1": "Ирина"},
        "hrefs": {"save": "/challenge", "launch": "/challenge", "restore": "/x", "copy": "/x",
                  "away": "/x", "all": "/challenges", "here": "/challenge"},
    }  # fmt: skip


def rehearsal_values(who: str) -> Values:
    """The panel alone, as it answers while a rehearsal runs and when it is over."""
    return {"now": None, "alone": True, "rehearsal": panel(who), "back_href": "/challenge"}


def terms_values(_who: str) -> Values:
    """New terms of a running challenge."""
    return draft_values("fresh") | {
        "is_live": True, "affected": newer_terms_text(412), "faults": {},
        "hrefs": {"save": "/challenge-terms", "back": "/challenge-live"},
    }  # fmt: skip


def report(who: str) -> ChallengeReport:
    """A challenge on its third day, or over."""
    over = who == "over"
    at = STARTS - timedelta(days=30) if over else NOW.replace(hour=0, minute=0) - timedelta(days=2)
    row = Challenge(
        id=1, code="c1", template="collect", state="ended" if over else "live",
        terms=TERMS.model_dump(mode="json"), starts_at=at, ends_at=at + timedelta(days=7),
        budget=250_000, spent=0 if who == "few" else 122_400, version=1, created_at=at,
    )  # fmt: skip
    rule = challenge_rule(row, ZONE.key)
    found = ChallengeReport(row, rule, {"treatment": 8_379, "control": 931})
    if who == "few":
        found.steps, found.rungs = [0], [0]
        return found
    found.in_play, found.begun, found.finished = 4_120, 1_930, 612
    found.steps, found.rungs, found.forecast = [612], [612], 231_000
    days = [(at + timedelta(days=n)).date() for n in range(3)]
    found.paid = dict(zip(days, (30_000, 52_400, 40_000), strict=True))
    found.effects = tuple(effects())
    found.oddities = (Oddity(7, "Глеб Орлов", days[1], 11),)
    found.first = tuple((n, name, at + timedelta(hours=9 + n), n if over else None)
                        for n, name in ((1, "Анна Седова"), (2, "Борис Ким")))  # fmt: skip
    return found


def effects() -> list[Effect]:
    """Shares that differ, and money that does not yet."""
    found = []
    for metric, more, usual, kind in (("buyers", 1, 0, "share"), ("spend", 90_000, 80_000, "mean")):
        rows = [("treatment", more if n % 20 < 11 else usual * 0) for n in range(8_379)]
        rows += [("control", (more if kind == "share" else usual) if n % 20 < 10 else 0)
                 for n in range(931)]  # fmt: skip
        treatment, control = counted(rows, kind)  # type: ignore[arg-type]
        compared = uplift(treatment, control)
        cost = cost_per_extra(122_400, compared, treatment.people)
        found.append(Effect(metric, compared, verdict(compared), cost))
    return found


def monitor_values(who: str) -> Values:
    """A running challenge, one that has just begun, one that is over."""
    it = report(who)
    now = ChallengeNow(1, "c1", it.challenge.state, 3, 1, PLAN, (), it.challenge.spent, NOW)
    acts = [] if who == "over" else ["pause", "budget", "lengthen", "words", "terms", "stop",
                                     "cancel"]  # fmt: skip
    form = form_of(PLAN, 3, FACTS)
    form.values |= {"reason": "", "compensation": "", "act": "cancel" if who == "full" else ""}
    began = LogLine(NOW - timedelta(days=2), "clock", "began", "")
    raised = LogLine(NOW, "account:1", "budget", "200000 > 250000")
    journal = [(raised, "Ирина"), (began, "По расписанию")]
    return {
        "now": now, "title": "Неделя выпечки", "it": monitor_words(it, FACTS), "acts": acts,
        "form": form, "cards": preview_cards(PLAN, FACTS), "journal": journal, "begun": it.begun,
        "facts": FACTS, "said": "launched" if who == "few" else "", "fault": "",
        "renews": who != "over", "moved": False,
        "hrefs": {"act": "/x", "copy": "/x", "renew": "/challenge-live",
                  "terms": "/challenge-terms", "all": "/challenges",
                  "here": "/challenge-live"},
    }  # fmt: skip


WHO = {
    "desk-challenges": ("full", "empty"),
    "desk-challenge": ("full", "fresh", "wrong", "running", "whom"),
    "desk-challenge-terms": ("full",),
    "desk-challenge-live": ("full", "few", "over"),
}
"""Who each scene has to look at."""
