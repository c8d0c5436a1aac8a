"""Rehearsals of drafts: run beside the pages, watched by per cent, stopped by a press.

A rehearsal lives in the process that began it, reads only, and is forgotten with it: it
can always be run again.
"""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, current_app, g, request, url_for

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
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_ids import found_challenge, known_id
from webapp.console.steps import go
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.words.challenge_charts import cost_chart
from webapp.words.challenge_rehearsal import rehearsal_words
from webapp.world import Worlds, open_world, programme_worlds

PERIODS = ("before", "year")
LONGEST = 300.0
"""After so many seconds a rehearsal gives up and says so."""
PATIENCE = 1.2
"""So many seconds an answer waits for a rehearsal that may be over at once."""
MOST_KEPT, MOST_RUNNING = 24, 2


@dataclass(slots=True)
class Job:
    """A rehearsal that runs or is over; days are local, `of` says what was rehearsed."""

    challenge_id: int
    of: str
    period: str
    span: tuple[datetime, datetime]
    percent: int = 0
    found: Rehearsal | None = None
    names: dict[int, str] = field(default_factory=dict)
    failed: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def is_running(self) -> bool:
        return not self.over.is_set()


class Jobs:
    """The rehearsals of this process, the latest of each challenge."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, challenge_id: int) -> Job | None:
        """The latest one of a challenge."""
        return self._jobs.get(challenge_id)

    def begin(self, job: Job) -> bool:
        """Take a job in, in place of the challenge's last one; False while too many run."""
        with self._lock:
            former = self._jobs.pop(job.challenge_id, None)
            if former is not None:
                former.stop.set()
            if sum(one.is_running for one in self._jobs.values()) >= MOST_RUNNING:
                return False
            self._jobs[job.challenge_id] = job
            while len(self._jobs) > MOST_KEPT:
                self._jobs.popitem(last=False)
            return True


def jobs() -> Jobs:
    """The rehearsals of this app."""
    found: Jobs = current_app.extensions.setdefault("laurel.rehearsals", Jobs())
    return found


def fingerprint(plan: ChallengePlan) -> str:
    """What a rehearsal depends on: equal, as long as only words and budget change."""
    content = plan.content()
    decisive = [content["terms"], content["starts_at"], content["ends_at"]]
    text = json.dumps(decisive, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def begin_rehearsal(now: ChallengeNow, facts: DeskFacts, period: str) -> Job | None:
    """Let a rehearsal run, and wait a moment for it; None while too many others do."""
    period = period if period in PERIODS else PERIODS[0]
    job = Job(now.id, fingerprint(now.plan), period, past_span(now.plan, facts, period))
    if not jobs().begin(job):
        return None
    told = (programme_worlds(), job, now.plan, now.code)
    threading.Thread(target=run_job, args=told, daemon=True).start()
    job.over.wait(PATIENCE)
    return job


def run_job(worlds: Worlds, job: Job, plan: ChallengePlan, code: str) -> None:
    """Run a rehearsal to its end, or until somebody stops it."""
    began = time.monotonic()
    try:
        with worlds.open(readonly=True) as world:
            zone = desk_facts(world, 1).zone
            store = Store(world.connection)
            steps = rehearse_in_steps(store, plan.terms, job.span, zone=zone, code=code)
            for percent, found in steps:
                job.percent = percent
                if job.stop.is_set() or time.monotonic() - began > LONGEST:
                    job.failed = "stopped" if job.stop.is_set() else "slow"
                    return
                if found is not None:
                    job.names = member_names(world, [one.member_id for one in found.samples])
                    job.found = found
    except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell
        job.failed = "broken"
        LOG.error("rehearsal_broken", challenge=job.challenge_id, exc_info=error)
    finally:
        job.over.set()


def rehearsal_values(now: ChallengeNow, facts: DeskFacts) -> dict[str, Any]:
    """What the panel shows: the latest rehearsal of this process, or that there is none."""
    job = jobs().of(now.id)
    hrefs = {
        "watch": url_for("console.rehearsal", challenge_id=now.id),
        "stop": url_for("console.stop_rehearsal", challenge_id=now.id),
    }
    if job is None:
        return {"job": None, "hrefs": hrefs}
    first, last = local_day(job.span[0], facts.zone), last_day(job, facts)
    values = {"job": job, "hrefs": hrefs, "is_stale": job.of != fingerprint(now.plan),
              "first": first, "last": last}  # fmt: skip
    if job.found is None:
        return values
    chart = cost_chart(days_between(first, last), job.found.cost, now.plan.budget)
    return values | {
        "chart": chart,
        "said": rehearsal_words(job.found, now.plan, facts, job.names),
    }


def last_day(job: Job, facts: DeskFacts) -> date:
    """The last local day that was rehearsed."""
    return local_day(job.span[1] - timedelta(microseconds=1), facts.zone)


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
    job = jobs().of(known_id(challenge_id))
    if job is not None:
        job.stop.set()
        job.over.wait(PATIENCE)
    return go(url_for("console.rehearsal", challenge_id=challenge_id))
