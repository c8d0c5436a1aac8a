"""A launched challenge in figures and sentences: time, people, money, what it brought."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gamification.readmodels.challenge_desk import (
    ChallengeReport,
    DeskFacts,
    Effect,
    days_of,
)
from gamification.readmodels.uplift import ExtraCost
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenge_charts import CostChart, cost_chart
from webapp.words.challenges import amount_of, step_phrase
from webapp.words.formats import day, number, percent, points
from webapp.words.uplift import UpliftWords, cost_text, uplift_words


class FunnelBar(NamedTuple):
    """How many got this far."""

    label: str
    figure: str
    note: str
    share: int


class EffectWords(NamedTuple):
    """One metric; `verdict` only after the end."""

    metric: str
    words: UpliftWords
    verdict: str
    cost: str


class OddLine(NamedTuple):
    """A member worth a look."""

    member_id: int
    text: str


class FirstLine(NamedTuple):
    """Who finished early."""

    member_id: int
    place: str
    name: str
    when: datetime


class MonitorWords(NamedTuple):
    """All the figures of the page."""

    time: str
    time_note: str
    in_play: str
    in_play_note: str
    finished: str
    finished_note: str
    spent: str
    spent_note: str
    funnel: tuple[FunnelBar, ...]
    effects: tuple[EffectWords, ...]
    odd: tuple[OddLine, ...]
    first: tuple[FirstLine, ...]
    chart: CostChart
    is_over: bool
    is_paid: bool


def metric_name(code: str) -> str:
    """What is compared."""
    names = {
        "visits": _("Days with a purchase"),
        "buyers": _("Members who bought"),
        "spend": _("Spent"),
    }
    return names[code]


def monitor_words(report: ChallengeReport, facts: DeskFacts) -> MonitorWords:
    """What the page says now."""
    now, currency = facts.now, facts.currency
    challenge = report.challenge
    over = challenge.state in ("ended", "archived", "cancelled")
    days = days_of(report.rule)
    today = now.date()
    passed = [one for one in days if one <= today] or days[:1]
    budget = challenge.budget
    return MonitorWords(
        time=time_text(days, today, over=over),
        time_note=f"{day(days[0], today)} – {day(days[-1], today)}",
        in_play=number(report.in_play),
        in_play_note=begun_note(report),
        finished=number(report.finished),
        finished_note=finished_note(report),
        spent=number(challenge.spent),
        spent_note=spent_note(report, budget),
        funnel=funnel_of(report, currency),
        effects=tuple(effect_words(one, facts, over=over) for one in report.effects),
        odd=tuple(
            OddLine(
                one.member_id,
                ngettext(
                    "%(name)s: %(n)s receipt on %(day)s", "%(name)s: %(n)s receipts on %(day)s",
                    one.receipts, name=one.name or _("A member"), n=number(one.receipts),
                    day=day(one.day, today),
                ),
            )
            for one in report.oddities
        ),
        first=tuple(
            FirstLine(i, "" if place is None else number(place), name or _("A member"),
                      at.astimezone(now.tzinfo))
            for i, name, at, place in report.first[:10]
        ),
        chart=cost_chart(passed if not over else days, report.paid, budget),
        is_over=over,
        is_paid=any(report.paid.values()),
    )  # fmt: skip


def time_text(days: list[date], today: date, *, over: bool) -> str:
    """«День 3 из 7»."""
    if over or today > days[-1]:
        return _("Over")
    if today < days[0]:
        left = (days[0] - today).days
        return ngettext("In %(n)s day", "In %(n)s days", left, n=number(left))
    at = (today - days[0] + timedelta(days=1)).days
    return _("Day %(n)s of %(all)s", n=number(at), all=number(len(days)))


def share_of(part: int, whole: int) -> str:
    """A share in whole per cent."""
    return percent(round(part * 100 / whole) * 100) if whole else percent(0)


def repeats(report: ChallengeReport) -> bool:
    """Whether one member may finish it several times."""
    return report.rule.terms.repeat != "once"


def begun_note(report: ChallengeReport) -> str:
    """How many have begun; where it repeats, that nobody is counted twice."""
    said = _("%(n)s have begun", n=number(report.begun))
    once = _("Each member counts once.")
    return f"{said}. {once}" if repeats(report) else said


def finished_note(report: ChallengeReport) -> str:
    """Their share; where it repeats, how often altogether."""
    said = _("%(share)s of those in play", share=share_of(report.finished, report.in_play))
    if not repeats(report):
        return said
    often = ngettext("%(n)s time in all", "%(n)s times in all", report.times,
                     n=number(report.times))  # fmt: skip
    return f"{said}, {often}"


def spent_note(report: ChallengeReport, budget: int | None) -> str:
    """The budget, and what will be spent by the end at the pace so far."""
    if budget is None:
        return ""
    said = _("%(share)s of %(budget)s", share=share_of(report.challenge.spent, budget),
             budget=points(budget))  # fmt: skip
    if report.forecast is None:
        return said
    if report.forecast >= budget:
        return said + ". " + _("At this pace it will not last until the end.")
    return said + ". " + _("At this pace: %(all)s by the end.", all=number(report.forecast))


def funnel_of(report: ChallengeReport, currency: str) -> tuple[FunnelBar, ...]:
    """From those in play to those who finished."""
    terms, whole = report.rule.terms, report.in_play
    rows = [(_("In play"), whole), (_("Have begun"), report.begun)]
    if len(terms.steps) > 1:
        rows += [
            (step_phrase(step, currency), done)
            for step, done in zip(terms.steps, report.steps, strict=True)
        ]
    rows += [
        (_("Reached %(at)s", at=amount_of(terms, rung.at, currency)), reached)
        for rung, reached in zip(terms.ladder[:-1], report.rungs, strict=False)
    ]
    rows.append((_("Finished"), report.finished))
    return tuple(
        FunnelBar(label, number(n), share_of(n, whole), round(100 * n / whole) if whole else 0)
        for label, n in rows
    )


def effect_words(one: Effect, facts: DeskFacts, *, over: bool) -> EffectWords:
    """One metric of both arms; while it runs, figures without a verdict."""
    in_money = one.metric == "spend"
    words = uplift_words(one.found, one.verdict, facts.currency if in_money else None)
    cost = ""
    if over and one.cost is not None:
        cost = cost_text(in_money_of(one.cost, facts), facts.currency, of_money=in_money)
    return EffectWords(metric_name(one.metric), words, words.verdict if over else "", cost)


def in_money_of(cost: ExtraCost, facts: DeskFacts) -> ExtraCost:
    """A cost in points as one in minor units of money."""
    worth = facts.point_worth
    most = None if cost.most is None else cost.most * worth
    return replace(cost, each=cost.each * worth, least=cost.least * worth, most=most)


def newer_terms_text(older: int) -> str:
    """Whom new terms do not touch."""
    if not older:
        return _("Nobody is in it yet: the new terms will hold for everybody.")
    return ngettext(
        "%(n)s member is in it already and keeps the terms they joined for.",
        "%(n)s members are in it already and keep the terms they joined for.", older,
        n=number(older),
    )  # fmt: skip
