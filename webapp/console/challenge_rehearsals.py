"""Rehearsals of drafts: run beside the pages, watched by per cent, stopped by a press."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Response, g, request, url_for

from gamification.commands.challenge_desk import ChallengeNow
from gamification.commands.challenges import ChallengePlan
from gamification.programme import day_starts, local_day
from gamification.readmodels.challenge_desk import (
    DeskFacts,
    Rehearsal,
    desk_facts,
    member_names,
    rehearse_in_steps,
)
from gamification.store import Store
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_ids import found_challenge, known_id
from webapp.console.steps import go
from webapp.frame import frame_for
from webapp.page import page
from webapp.rehearsing.found import challenge_found
from webapp.rehearsing.runner import start_run
from webapp.rehearsing.runs import mark_of, run_of, stop_run
from webapp.words.challenge_charts import cost_chart
from webapp.words.challenge_rehearsal import rehearsal_words
from webapp.world import open_entrance, open_world, run_entrance

PERIODS = ("before", "year")
LONGEST = 300.0
"""After so many seconds a rehearsal gives up and says so."""
KIND = "challenge"


@dataclass(frozen=True, slots=True)
class Job:
    """A rehearsal as the panel shows it; days are local, `of` says what was rehearsed."""

    of: str
    period: str
    first: date
    last: date
    is_running: bool
    percent: int
    failed: str
    found: Rehearsal | None


def fingerprint(plan: ChallengePlan) -> str:
    """What a rehearsal depends on: equal, as long as only words and budget change."""
    content = plan.content()
    decisive = [content["terms"], content["starts_at"], content["ends_at"]]
    return mark_of(decisive)


def past_span(plan: ChallengePlan, facts: DeskFacts, period: str) -> tuple[datetime, datetime]:
    """As many days as the challenge has, just before today or the same weeks a year ago."""
    if plan.terms.days is not None:
        days = plan.terms.days
    elif plan.starts_at is not None and plan.ends_at is not None:
        days = max(1, round((plan.ends_at - plan.starts_at) / timedelta(days=1)))
    else:
        days = 14
    last = facts.now.date()
    if period == "year" and plan.starts_at is not None:
        # 52 whole weeks, so that weekdays stay where they are.
        first = local_day(plan.starts_at, facts.zone) - timedelta(weeks=52)
        last = min(first + timedelta(days=days), last)
        return day_starts(last - timedelta(days=days), facts.zone), day_starts(last, facts.zone)
    return day_starts(last - timedelta(days=days), facts.zone), day_starts(last, facts.zone)


def begin_rehearsal(now: ChallengeNow, facts: DeskFacts, period: str) -> int | None:
    """Let a rehearsal run, and wait a moment for it; None while too many others do."""
    period = period if period in PERIODS else PERIODS[0]
    span = past_span(now.plan, facts, period)
    last = local_day(span[1] - timedelta(microseconds=1), facts.zone)
    draft = {"period": period, "first": local_day(span[0], facts.zone).isoformat(),
             "last": last.isoformat()}  # fmt: skip

    def steps(world: World) -> Iterator[tuple[int, Rehearsal | None]]:
        store, terms = Store(world.connection), now.plan.terms
        return rehearse_in_steps(store, terms, span, zone=facts.zone, code=now.code)

    return start_run(KIND, steps, fingerprint(now.plan), draft, longest=LONGEST, of=now.id)


def job_of(challenge_id: int) -> Job | None:
    """The latest rehearsal of a challenge, whichever process it runs in."""
    with open_entrance(readonly=True) as world:
        run = run_of(world, KIND, challenge_id)
    if run is None:
        return None
    first, last = (date.fromisoformat(run.draft[name]) for name in ("first", "last"))
    found = challenge_found(run.found) if run.found else None
    failed = "" if run.state in ("running", "done") else run.state
    return Job(run.mark, run.draft["period"], first, last, run.is_running, run.percent, failed,
               found)  # fmt: skip


def rehearsal_values(now: ChallengeNow, facts: DeskFacts) -> dict[str, Any]:
    """What the panel shows: the latest rehearsal, or that there is none."""
    job = job_of(now.id)
    hrefs = {
        "watch": url_for("console.rehearsal", challenge_id=now.id),
        "stop": url_for("console.stop_rehearsal", challenge_id=now.id),
    }
    if job is None:
        return {"job": None, "hrefs": hrefs}
    values = {"job": job, "hrefs": hrefs, "is_stale": job.of != fingerprint(now.plan),
              "first": job.first, "last": job.last}  # fmt: skip
    if job.found is None:
        return values
    with open_world(readonly=True) as world:
        names = member_names(world, [one.member_id for one in job.found.samples])
    chart = cost_chart(days_between(job.first, job.last), job.found.cost, now.plan.budget)
    return values | {"chart": chart, "said": rehearsal_words(job.found, now.plan, facts, names)}


def days_between(first: date, last: date) -> list[date]:
    """Local days, both ends included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@blueprint.get("/console/challenges/<int:challenge_id>/rehearsal")
@allow("owner", "marketer")
def rehearsal(challenge_id: int) -> Response:
    """The panel alone, which asks for itself again while a rehearsal runs."""
    known_id(challenge_id)
    with open_world(readonly=True) as world:
        now, facts = found_challenge(world, challenge_id), desk_facts(world, 1)
    g.frame = frame_for("challenges")
    return page(
        "console/challenge_rehearsal.html",
        frame=g.frame,
        now=now,
        alone=not request.headers.get("HX-Request"),
        rehearsal=rehearsal_values(now, facts),
        back_href=url_for("console.challenge", challenge_id=challenge_id),
    )


@blueprint.post("/console/challenges/<int:challenge_id>/rehearsal/stop")
@allow("owner", "marketer")
def stop_rehearsal(challenge_id: int) -> Response:
    """Stop a rehearsal that runs; what it found so far is dropped."""
    with open_entrance(readonly=True) as world:
        run = run_of(world, KIND, known_id(challenge_id))
    if run is not None:
        run_entrance(partial(stop_run, run_id=run.id))
    return go(url_for("console.rehearsal", challenge_id=challenge_id))
