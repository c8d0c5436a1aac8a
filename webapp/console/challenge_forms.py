"""The builder's form: read field by field into a plan, and filled from a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from pydantic import ValidationError

from gamification.commands.challenges import ChallengePlan, ChallengeTerms, ChallengeWords, Rung
from gamification.readmodels.challenge_desk import MOST_RUNGS, MOST_STEPS, TEMPLATES, DeskFacts
from webapp.console.challenge_audience import (
    MOST_ROWS,
    asked_audience,
    audience_lists,
    audience_names,
    audience_values,
    refresh_rows,
)
from webapp.console.challenge_steps import (
    STEP_FIELDS,
    STEP_LISTS,
    asked_step,
    is_money_step,
    score_text,
    step_lists,
    step_values,
)
from webapp.console.fields import Form, texts
from webapp.console.segment_fields import Shelf

LANGUAGES = ("ru", "en")
WORDS = {"name": 80, "about": 300, "invitation": 500}
MOST_WORDS = 50
MOST_POINTS, MOST_BUDGET, MOST_WINNERS = 1_000_000, 10**9, 1_000_000
SINGLES = (
    "over", "template", "steps", "rungs", "conditions", "order", "need", "endowed", "stamps",
    "scene", "glyph", "points", "medal", "budget", "most_points", "max_winners", "hold_days",
    "starts", "ends", "window", "days", "repeat", "enrol", "count_from", "grace_hours",
    "control_percent", "state", "tongue", "theme", "period", "opened",
)  # fmt: skip
CHOICES = {
    "window": ("dates", "joined", "enrolled"),
    "repeat": ("once", "daily", "weekly", "monthly"),
    "enrol": ("auto", "button"),
    "count_from": ("start", "enrolled"),
}
LOOKS = {"state": "going", "tongue": "", "theme": "light", "period": "before"}
"""What only the preview and the rehearsal ask; none of it is saved."""


@dataclass(slots=True)
class ChallengeForm(Form):
    """What was typed; `lists` are fields of several values."""

    lists: dict[str, list[str]] = field(default_factory=dict)

    def count(self, name: str, most: int, least: int = 0) -> int:
        """How many rows were sent."""
        text = self.values.get(name, "")
        return max(least, min(int(text[:4]), most)) if text.isascii() and text.isdigit() else least

    def choice(self, name: str) -> Any:
        """One of the known values of a list."""
        found = self.values.get(name, "")
        if found in CHOICES[name]:
            return found
        self.refuse(name, _("Choose one of the list."))
        return CHOICES[name][0]

    def whole_or_none(self, name: str, least: int, most: int) -> int | None:
        """A whole number, spaces in it passed over; None for an empty field."""
        text = "".join(self.values.get(name, "").split())
        if not text:
            return None
        self.values[name] = text
        return self.whole(name, least, most)


def sent_form() -> ChallengeForm:
    """The form of this request, with what its buttons change in it."""
    sent = request.form
    told = {name: sent.get(name, "").strip()[:200] for name in ("steps", "conditions")}
    counts = ChallengeForm(told)
    steps = counts.count("steps", MOST_STEPS, 1)
    names = [*SINGLES, *(f"s{n}_{name}" for n in range(MOST_STEPS) for name in STEP_FIELDS)]
    names += [f"r{n}_{name}" for n in range(MOST_RUNGS) for name in ("at", "points")]
    conditions = counts.count("conditions", MOST_ROWS)
    names += audience_names(conditions)
    values = {name: sent.get(name, "").strip()[:200] for name in names}
    for name, most in WORDS.items():
        for language in LANGUAGES:
            at = f"{name}_{language}"
            values[at] = sent.get(at, "").strip()[: most * 2]
    lists = {
        f"s{n}_{name}": [text[:120] for text in sent.getlist(f"s{n}_{name}") if text][:20]
        for n in range(steps)
        for name in STEP_LISTS
    }
    lists |= {name: [text[:120] for text in sent.getlist(name)][:MOST_WORDS]
              for name in audience_lists(conditions)}  # fmt: skip
    lists["remind"] = [str(int(text)) for text in sent.getlist("remind") if is_day(text)][:20]
    return ChallengeForm(values, lists=lists)


def form_of(plan: ChallengePlan, revision: int, facts: DeskFacts) -> ChallengeForm:
    """A plan as the form shows it."""
    terms, currency = plan.terms, facts.currency
    values = texts(
        over=revision, template=plan.template, steps=len(terms.steps),
        rungs=len(terms.ladder) - 1, order="yes" if terms.in_order else "",
        need=terms.goal - terms.endowed, endowed=terms.endowed,
        stamps="yes" if terms.stamps else "", scene=terms.art.get("scene", ""),
        glyph=terms.art.get("glyph", ""), points=terms.ladder[-1].points,
        medal="yes" if terms.medal else "", budget=in_threes(plan.budget),
        most_points=terms.most_points,
        max_winners=terms.max_winners, hold_days=terms.hold_days, window=terms.window,
        days=terms.days, repeat=terms.repeat, enrol=terms.enrol, count_from=terms.count_from,
        grace_hours=terms.grace_hours, control_percent=terms.control_percent,
        starts=moment_text(plan.starts_at, facts), ends=end_text(plan.ends_at, facts), **LOOKS,
    )  # fmt: skip
    lists = {"remind": [str(days) for days in terms.remind_days]}
    for n, step in enumerate(terms.steps):
        shown = step
        if len(terms.steps) == 1:
            shown = step.model_copy(update={"at_least": terms.goal})
        values |= {f"s{n}_{k}": text for k, text in step_values(shown, currency).items()}
        values[f"s{n}_kept"] = str(n)
        lists |= {f"s{n}_{k}": found for k, found in step_lists(step).items()}
    for n, rung in enumerate(terms.ladder[:-1]):
        values[f"r{n}_at"] = score_text(terms.steps, rung.at, currency)
        values[f"r{n}_points"] = str(rung.points)
    rows = audience_values(terms.audience, currency)
    values, lists = values | rows[0], lists | rows[1]
    for language in LANGUAGES:
        said = plan.words.get(language, ChallengeWords())
        values |= {f"{name}_{language}": getattr(said, name) for name in WORDS}
    return ChallengeForm(values, lists=lists)


def in_threes(value: int | None) -> str:
    """A large number as a field shows it: 250 000."""
    return "" if value is None else f"{value:,}".replace(",", " ")


def moment_text(at: datetime | None, facts: DeskFacts) -> str:
    """An instant as a field of date and time shows it."""
    return "" if at is None else f"{at.astimezone(facts.zone):%Y-%m-%dT%H:%M}"


def end_text(at: datetime | None, facts: DeskFacts) -> str:
    """An end as its last minute: people say 23:59 and mean the whole day."""
    return moment_text(None if at is None else at - timedelta(minutes=1), facts)


def asked_plan(
    form: ChallengeForm, saved: ChallengePlan, facts: DeskFacts, shelf: Shelf
) -> ChallengePlan:
    """The plan that the form asks for; what cannot be taken stands in `form.errors`."""
    template = form.values["template"]
    if template not in TEMPLATES:
        template = saved.template
    return ChallengePlan(
        template,
        asked_terms(form, saved.terms, facts, shelf),
        {language: _words(form, language) for language in LANGUAGES},
        *_dates(form, facts),
        form.whole_or_none("budget", 1, MOST_BUDGET),
    )


def _words(form: ChallengeForm, language: str) -> ChallengeWords:
    for name, most in WORDS.items():
        at = f"{name}_{language}"
        if len(form.values[at]) > most:
            form.refuse(at, _("At most %(most)s characters fit here.", most=most))
    return ChallengeWords(*(form.values[f"{name}_{language}"] for name in WORDS))


def _dates(form: ChallengeForm, facts: DeskFacts) -> tuple[datetime | None, datetime | None]:
    starts, ends = typed_moment(form, "starts", facts), typed_end(form, facts)
    if starts is not None and ends is not None and ends <= starts:
        form.refuse("ends", _("The end comes after the start."))
    return starts, ends


def typed_end(form: ChallengeForm, facts: DeskFacts) -> datetime | None:
    """The end that was typed; its last minute, 23:59, takes in the whole day."""
    ends = typed_moment(form, "ends", facts)
    return ends + timedelta(minutes=1) if ends is not None and ends.minute == 59 else ends


def typed_moment(form: ChallengeForm, name: str, facts: DeskFacts) -> datetime | None:
    """A local instant of some year near to this one; None for an empty field or a fault."""
    text = form.values[name]
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=facts.zone, second=0, microsecond=0)
    except ValueError:
        form.refuse(name, _("Write a date and a time, such as 2026-12-01 09:00."))
        return None
    if not facts.now.year - 2 <= found.year <= facts.now.year + 5:
        form.refuse(name, _("This year is too far away."))
        return None
    return found


def asked_terms(
    form: ChallengeForm, saved: ChallengeTerms, facts: DeskFacts, shelf: Shelf
) -> ChallengeTerms:
    """The terms that the form asks for; the former ones where they make no sense."""
    count = form.count("steps", MOST_STEPS, 1)
    steps = [asked_step(form, n, saved.steps, facts.currency) for n in range(count)]
    endowed = form.whole_or_none("endowed", 0, 2) or 0
    ladder = _ladder(form, steps, endowed, facts.currency)
    window = form.choice("window")
    conditions = form.count("conditions", MOST_ROWS)
    refresh_rows(form, form.lists, shelf, conditions)
    asked: dict[str, Any] = {
        "steps": steps,
        "in_order": form.values["order"] == "yes" and count > 1,
        "ladder": ladder,
        "medal": form.values["medal"] == "yes",
        "endowed": endowed,
        "stamps": form.values["stamps"] == "yes",
        "enrol": "button" if window == "enrolled" else form.choice("enrol"),
        "window": window,
        "days": _days(form, window),
        "repeat": form.choice("repeat"),
        "count_from": form.choice("count_from"),
        "grace_hours": form.whole_or_none("grace_hours", 0, 336) or 0,
        "hold_days": form.whole_or_none("hold_days", 0, 90) or 0,
        "max_winners": form.whole_or_none("max_winners", 1, MOST_WINNERS),
        "most_points": form.whole_or_none("most_points", 1, MOST_BUDGET),
        "control_percent": form.whole_or_none("control_percent", 0, 50) or 0,
        "audience": asked_audience(form, form.lists, shelf, facts.currency, conditions),
        "remind_days": _remind(form),
        "compensation": saved.compensation,
        "art": {k: form.values[k] for k in ("scene", "glyph") if form.values[k]},
    }
    _refuse_odd(form, asked)
    return _made(form, asked, saved)


def _made(form: ChallengeForm, asked: dict[str, Any], saved: ChallengeTerms) -> ChallengeTerms:
    if form.errors:
        return saved
    try:
        return ChallengeTerms(**asked)
    except ValidationError:
        form.refuse("goal", _("These settings do not fit together. Undo the last one."))
        return saved


def _days(form: ChallengeForm, window: str) -> int | None:
    if window == "dates":
        return None
    if not form.values["days"]:
        form.refuse("days", _("Say how many days each member has."))
        return 14
    return form.whole("days", 1, 366)


def is_day(text: str) -> bool:
    """Whether somebody could have ticked it: a number of days."""
    return len(text) <= 4 and text.isascii() and text.isdigit()


def _remind(form: ChallengeForm) -> tuple[int, ...]:
    found = {int(text) for text in form.lists["remind"] if int(text) <= 60}
    return tuple(sorted(found, reverse=True))


def _refuse_odd(form: ChallengeForm, asked: dict[str, Any]) -> None:
    """Settings that exclude each other, each beside its own field."""
    if asked["repeat"] != "once" and asked["window"] != "dates":
        form.refuse("repeat", _("Only a challenge with common dates can repeat."))
    if asked["repeat"] != "once" and asked["max_winners"]:
        form.refuse("max_winners", _("A repeating challenge has no first winners."))


def _ladder(
    form: ChallengeForm, steps: Sequence[dict[str, Any]], endowed: int, currency: str
) -> tuple[Rung, ...]:
    """The rungs: those on the way, then the goal."""
    is_money = len(steps) == 1 and is_money_step(steps[0])
    if is_money and endowed:
        form.refuse("endowed", _("Marks are given where things are counted, not money."))
    goal = int(steps[0]["at_least"])
    if len(steps) > 1:
        goal = (form.whole_or_none("need", 1, len(steps)) or len(steps)) + endowed
    rungs: list[Rung] = []
    for n in range(form.count("rungs", MOST_RUNGS - 1)):
        name = f"r{n}_at"
        at = form.money(name, currency, goal) if is_money else form.whole(name, 1, MOST_BUDGET)
        least = rungs[-1].at if rungs else endowed
        if name not in form.errors and not least < at < goal:
            form.refuse(name, _("Each step of the reward comes later than the one before,"
                                " and before the goal."))  # fmt: skip
        rungs.append(Rung(at=at, points=form.whole_or_none(f"r{n}_points", 0, MOST_POINTS) or 0))
    if endowed >= goal:
        form.refuse("endowed", _("There has to be something left to do."))
    points = form.whole_or_none("points", 0, MOST_POINTS) or 0
    return (*rungs, Rung(at=goal, points=points))
