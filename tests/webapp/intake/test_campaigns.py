"""A real shop's campaigns as challenges: live and rehearsed equal to the standard library."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.audit.run import run_audit
from gamification.challenges.queries import challenge_rule
from gamification.challenges.tables import Challenge
from gamification.commands.audiences import ListRow, import_list
from gamification.commands.challenge_clock import (
    advance_challenges,
    close_challenges,
    pay_challenges,
)
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.clockwork import expire_points
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.members.newcomers import new_member_row
from gamification.readmodels.challenge_rehearsal import rehearse
from gamification.readmodels.challenge_report import behaviour
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.webapp.intake import reference
from tests.webapp.intake.running import Intake
from tests.webapp.intake.samples import cut_file, real_file
from webapp.world import Worlds

ZONE = ZoneInfo("America/New_York")
WANTED, POINTS = 10_000, 50
"""A hundred dollars within the dates, for fifty points."""
BEFORE, AFTER = datetime(2016, 10, 1, tzinfo=UTC), datetime(2018, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Campaign:
    """A campaign of the file: first and last day, both of them inside, and who was sent it."""

    code: str
    first: date
    last: date
    households: frozenset[str]

    @property
    def span(self) -> tuple[datetime, datetime]:
        after = self.last + timedelta(days=1)
        return (
            datetime.combine(self.first, time(), ZONE),
            datetime.combine(after, time(), ZONE),
        )


def campaigns(folder: Path, known: Iterable[str]) -> list[Campaign]:
    sent, there = defaultdict(set), set(known)
    with gzip.open(folder / "campaigns.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["household_id"] in there:
                sent[row["campaign_id"]].add(row["household_id"])
    with (folder / "campaign_descriptions.csv").open(encoding="utf-8") as lines:
        return [
            Campaign(
                row["campaign_id"],
                date.fromisoformat(row["start_date"]),
                date.fromisoformat(row["end_date"]),
                frozenset(sent[row["campaign_id"]]),
            )
            for row in csv.DictReader(lines)
            if sent[row["campaign_id"]]
        ]


@dataclass
class Expected:
    """What a campaign brought, worked out from the file alone."""

    finishers: dict[str, datetime]
    spend: dict[str, int]
    visits: dict[str, int]


def expected(campaign: Campaign, papers: list[reference.Paper]) -> Expected:
    inside = [
        p for p in papers
        if p.customer in campaign.households and campaign.first <= p.day <= campaign.last
    ]  # fmt: skip
    finishers: dict[str, datetime] = {}
    spend: dict[str, int] = defaultdict(int)
    days: dict[str, set[date]] = defaultdict(set)
    for paper in sorted(inside, key=lambda p: p.moment):
        minor = int(paper.total * 100)
        spend[paper.customer] += minor
        if minor > 0:
            days[paper.customer].add(paper.day)
        if spend[paper.customer] >= WANTED and paper.customer not in finishers:
            finishers[paper.customer] = paper.moment
    return Expected(finishers, dict(spend), {who: len(found) for who, found in days.items()})


def prepare(engine: sa.Engine, households: list[str], found: list[Campaign]) -> dict[str, int]:
    """Everybody is a member, every list is there, every campaign is launched in time."""
    ids: dict[str, int] = {}
    with Session(engine) as session:
        world = World(session, fixed_clock(BEFORE))
        plan = ProgrammePlan(name="Journey", currency="USD", zone=ZONE.key, locale="en")
        set_up_programme(world, plan)
        rows = [
            new_member_row(external_id=h, joined_at=BEFORE, origin="import", name="")
            for h in households
        ]
        Store(world.connection).insert(
            "member", [tuple(row.values()) for row in rows], columns=tuple(rows[0])
        )
        for campaign in found:
            named = [
                ListRow(n, external_id=h) for n, h in enumerate(sorted(campaign.households), 1)
            ]
            report = import_list(world, name=f"sent {campaign.code}", rows=named, actor="t")
            ids[campaign.code] = launched(world, campaign, report.list_id)
        session.commit()
    return ids


def launched(world: World, campaign: Campaign, list_id: int) -> int:
    words = {"en": ChallengeWords(campaign.code), "ru": ChallengeWords(campaign.code)}
    plan = ChallengePlan("spend", terms_of(list_id), words, *campaign.span, 10**8)
    draft = draft_challenge(world, plan, actor="t")
    return launch_challenge(world, draft.id or 0, over=draft.revision, actor="t").id or 0


def terms_of(list_id: int) -> ChallengeTerms:
    return ChallengeTerms(
        steps=(Step(kind="sum", at_least=WANTED),),
        ladder=(Rung(at=WANTED, points=POINTS),),
        control_percent=0,
        audience={"all": [{"kind": "member_list", "list_id": list_id}]},
    )


def let_clock_work(engine: sa.Engine) -> None:
    for step in (
        advance_challenges,
        pay_challenges,
        close_challenges,
        pay_challenges,
        expire_points,
    ):
        while True:
            with Session(engine) as session:
                done = step(World(session, fixed_clock(AFTER)))
                session.commit()
            if not done:
                break


def compare(engine: sa.Engine, path: Path) -> int:
    papers = reference.complete_journey(path)
    households = sorted({paper.customer for paper in papers})
    found = campaigns(real_file("complete_journey").parent, households)
    ids = prepare(engine, households, found)
    Intake(Worlds(engine, fixed_clock(AFTER))).purchases(path, "complete_journey")
    let_clock_work(engine)
    finished = 0
    with Session(engine) as session:
        world = World(session, fixed_clock(AFTER))
        store = Store(world.connection)
        names = dict(store.rows("SELECT id, external_id FROM member"))
        for campaign in found:
            finished += compare_one(world, store, campaign, ids[campaign.code], names, papers)
        assert run_audit(world, full=True).is_clean
    return finished


def compare_one(
    world: World, store: Store, campaign: Campaign, challenge_id: int, names: dict[int, str],
    papers: list[reference.Paper],
) -> int:  # fmt: skip
    told = expected(campaign, papers)
    rows = store.rows(
        "SELECT member_id, completed_at, points FROM challenge_entry WHERE challenge_id = ?"
        " AND completed_at IS NOT NULL ORDER BY completed_at, completed_by",
        challenge_id,
    )
    live = {names[i]: local(at) for i, at, _ in rows}
    assert live == told.finishers
    first = sorted(told.finishers, key=lambda h: told.finishers[h])[:5]
    assert [told.finishers[names[i]] for i, *_ in rows[:5]] == [told.finishers[h] for h in first]
    assert {points for *_, points in rows} <= {POINTS}

    challenge = world.session.get(Challenge, challenge_id)
    assert challenge is not None
    rule = challenge_rule(challenge, ZONE.key)
    did = {names[i]: pair for i, pair in behaviour(store, rule).items()}
    targeted = {h: pair for h, pair in did.items() if h in campaign.households}
    assert {h: money for h, (_, money) in targeted.items()} == told.spend
    assert {h: n for h, (n, _) in targeted.items() if n} == told.visits

    rehearsed = rehearse(store, rule.terms, campaign.span, zone=ZONE, code=rule.code, budget=10**8)
    assert {names[w.member_id]: local(w.completed) for w in rehearsed.winners} == live
    assert rehearsed.points == POINTS * len(live) == challenge.spent
    return len(live)


def local(micros: int) -> datetime:
    """An instant on the clock of the shops."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return at.astimezone(ZONE).replace(tzinfo=None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_campaigns_of_some_households(engine: sa.Engine, tmp_path: Path) -> None:
    folder = real_file("complete_journey").parent
    sent = campaigns(folder, map(str, range(1, 3000)))
    some = {h for campaign in sent for h in campaign.households if int(h) % 23 == 0}
    path = cut_file("complete_journey", tmp_path, lambda line: line.split(",")[0] in some)
    assert compare(engine, path) > 8


@pytest.mark.heavy
def test_campaigns_of_all_households(engine: sa.Engine) -> None:
    assert compare(engine, real_file("complete_journey")) > 500
