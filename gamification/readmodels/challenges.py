"""The challenges of a member: what runs, what comes, what is over, and one of them whole.

Who is in the control arm of a challenge, or outside its audience, finds nothing of it here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gamification.activities.queries import acts_since
from gamification.case import Act, EntryState
from gamification.challenges.arms import arm_of
from gamification.challenges.queries import ENTRY_COLUMNS, entry_of
from gamification.challenges.rules import DAY, looks_back
from gamification.challenges.sight import Sight, is_open_to_all, is_unasked, sights
from gamification.columns import to_micros
from gamification.definitions import Definitions, current_definitions, definitions_of
from gamification.readmodels.challenge_faces import ChallengeFaces, challenge_faces
from gamification.readmodels.challenge_views import (
    ChallengeTerms,
    ChallengeView,
    CountedAct,
    OnHome,
    Rung,
    Step,
    in_order,
    state_of_sight,
    view_of,
)
from gamification.refusals import UnknownMember
from gamification.store import Store
from gamification.world import World

__all__ = [
    "ChallengePage",
    "ChallengeTerms",
    "ChallengeView",
    "ChallengesPage",
    "CountedAct",
    "OnHome",
    "OpenChallenge",
    "Rung",
    "Step",
    "challenge_of",
    "challenges_of",
    "challenges_on_home",
    "open_challenges",
    "running_challenges",
]

MOST_OVER = 60


@dataclass(frozen=True, slots=True)
class ChallengesPage:
    """Everything of one member. `asks` says that a first look has to ask who is meant."""

    now: datetime
    currency: str
    current: tuple[ChallengeView, ...] = ()
    coming: tuple[ChallengeView, ...] = ()
    over: tuple[ChallengeView, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class ChallengePage:
    """One challenge; `earlier` are the member's other periods of it, newest first."""

    now: datetime
    currency: str
    challenge: ChallengeView
    earlier: tuple[ChallengeView, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one member may see, before anything is counted."""

    store: Store
    member_id: int
    now: int
    definitions: Definitions
    faces: ChallengeFaces
    sights: tuple[Sight, ...]
    spent: Mapping[int, int]
    wishes: dict[int, str]
    asks: bool


def challenges_of(world: World, member_id: int, *, counted: bool = True) -> ChallengesPage:
    """A member's challenges, in five statements however many there are.

    A day of the past shows none: entries say how far somebody is now. Raises UnknownMember.

    Args:
        counted: whether to read which acts counted; without it, in three statements.
    """
    seen = _look(world, member_id)
    programme = seen.definitions.programme
    local = world.now.astimezone(programme.zone)
    if world.past:
        return ChallengesPage(local, programme.currency)
    running = [
        s for s in seen.sights if state_of_sight(s, seen.now) in ("going", "done", "counting")
    ]
    acts = _acts(seen, running) if counted else None
    views = _views(seen, [s for s in seen.sights if s not in running], None)
    views += _views(seen, running, acts)
    return ChallengesPage(
        now=local,
        currency=programme.currency,
        current=tuple(in_order([v for v in views if not v.is_over and v.state != "coming"])),
        coming=tuple(sorted((v for v in views if v.state == "coming"), key=lambda v: v.starts)),
        over=tuple(
            sorted((v for v in views if v.is_over), key=lambda v: (v.ends, v.id), reverse=True)
        )[:MOST_OVER],
        asks=seen.asks,
    )


def challenge_of(world: World, member_id: int, code: str, period: str = "") -> ChallengePage | None:
    """One challenge of a member in a period (the latest one when none is named).

    None when there is none for them. In six statements. Raises UnknownMember.
    """
    seen = _look(world, member_id)
    if world.past:
        return None
    mine = [s for s in seen.sights if s.rule.code == code and state_of_sight(s, seen.now)]
    if not mine:
        return None
    chosen = next((s for s in mine if period and s.window[0] == period), mine[-1])
    view = _views(seen, [chosen], _acts(seen, [chosen]))[0]
    if view.terms.max_winners:
        row = seen.store.first(
            "SELECT COUNT(*) FROM challenge_entry WHERE challenge_id = ? AND arm = 'treatment'"
            " AND state IN ('completed', 'rewarded')",
            view.id,
        )
        view = replace(view, winners=int(row[0]) if row else 0)
    others = _views(seen, [s for s in mine if s is not chosen], None)
    programme = seen.definitions.programme
    local = world.now.astimezone(programme.zone)
    return ChallengePage(local, programme.currency, view, tuple(reversed(others)))


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """A challenge that everybody of its treatment arm may see."""

    code: str
    control_percent: int

    def is_for(self, member_id: int) -> bool:
        """Whether this member is not in its control arm."""
        return arm_of(self.code, member_id, self.control_percent) == "treatment"


def open_challenges(world: World) -> tuple[OpenChallenge, ...]:
    """The challenges that run or come and are open to all. Raises ProgrammeMissing."""
    now = to_micros(world.now)
    return tuple(
        OpenChallenge(rule.code, rule.terms.control_percent)
        for rule in current_definitions(world.session).challenges
        if rule.state in ("scheduled", "live", "paused")
        and now < rule.ends
        and is_open_to_all(rule)
    )


def running_challenges(
    store: Store, world: World, definitions: Definitions, member_id: int
) -> tuple[ChallengeView, ...]:
    """What a till may say of a member's challenges: those under way, the nearest first.

    A day of the past shows none: entries say how far somebody is now.
    """
    if not definitions.challenges or world.past:
        return ()
    seen = _seen(world, store, definitions, member_id, joined=0)
    views = [v for v in _views(seen, seen.sights, None) if v.state in ("going", "done")]
    return tuple(in_order([v for v in views if not v.is_over]))


def challenges_on_home(
    world: World,
    definitions: Definitions,
    member_id: int,
    joined: int,
    entries: Iterable[EntryState],
    spent: Mapping[int, int],
) -> OnHome | None:
    """The one card of Home and how many there are; None where there are no challenges."""
    if not definitions.challenges or world.past:
        return None
    now, mine = to_micros(world.now), _by_challenge(entries)
    faces = challenge_faces(world, definitions)
    found = _sights(faces, definitions, member_id, now, mine)
    seen = _Seen(
        Store(world.connection), member_id, now, definitions, faces, found, spent, {}, False
    )
    views = in_order([v for v in _views(seen, found, None) if v.state in ("going", "open")])
    usable = [v for v in views if v.state == "going" or v.may_join]
    asks = _asks(definitions, joined, now, mine)
    local = world.now.astimezone(definitions.programme.zone)
    return OnHome(next(iter(usable), None), len(usable), asks, local)


def _look(world: World, member_id: int) -> _Seen:
    store = Store(world.connection)
    row = store.first(
        "SELECT joined_at, (SELECT version FROM programme) FROM member"
        " WHERE id = ? AND status <> 'erased'",
        member_id,
    )
    if row is None:
        raise UnknownMember(member_id=member_id)
    known = row[1] is not None
    definitions = definitions_of(world, row[1]) if known else current_definitions(world.session)
    return _seen(world, store, definitions, member_id, row[0])


def _seen(
    world: World, store: Store, definitions: Definitions, member_id: int, joined: int
) -> _Seen:
    rows = store.rows(
        f"SELECT {ENTRY_COLUMNS} FROM challenge_entry WHERE member_id = ?"
        " ORDER BY challenge_id, starts_at, period",
        member_id,
    )
    known = store.rows(
        "SELECT c.id, c.spent, (SELECT p.value FROM prompt p WHERE p.member_id = ?"
        " AND p.code = 'challenge.' || c.id) FROM challenge c"
        " WHERE c.state IN ('scheduled', 'live', 'paused')",
        member_id,
    )
    now, mine = to_micros(world.now), _by_challenge(entry_of(row) for row in rows)
    faces = challenge_faces(world, definitions)
    return _Seen(
        store=store,
        member_id=member_id,
        now=now,
        definitions=definitions,
        faces=faces,
        sights=_sights(faces, definitions, member_id, now, mine),
        spent={row[0]: row[1] for row in known},
        wishes={row[0]: row[2] for row in known if row[2]},
        asks=not world.past and _asks(definitions, joined, now, mine),
    )


def _by_challenge(entries: Iterable[EntryState]) -> dict[int, list[EntryState]]:
    found: dict[int, list[EntryState]] = {}
    for entry in entries:
        found.setdefault(entry.challenge_id, []).append(entry)
    return found


def _sights(
    faces: ChallengeFaces,
    definitions: Definitions,
    member_id: int,
    now: int,
    mine: dict[int, list[EntryState]],
) -> tuple[Sight, ...]:
    asked = {rule.id for rule in definitions.challenges} | set(mine)
    return tuple(
        sight
        for ident, face in faces.items()
        if ident in asked
        for sight in sights(face.rule, member_id, now, mine.get(ident, []))
    )


def _asks(
    definitions: Definitions, joined: int, now: int, mine: dict[int, list[EntryState]]
) -> bool:
    return any(
        is_unasked(rule, joined, now, mine.get(rule.id, [])) for rule in definitions.challenges
    )


def _acts(seen: _Seen, chosen: Sequence[Sight]) -> list[Act]:
    """What the member did since the earliest of some windows began."""
    if not chosen:
        return []
    since = min(s.window[1] - looks_back(s.rule) for s in chosen)
    return list(acts_since(seen.store, seen.member_id, max(since, seen.now - 800 * DAY)))


def _views(seen: _Seen, chosen: Sequence[Sight], acts: Sequence[Act] | None) -> list[ChallengeView]:
    made = (
        view_of(
            seen.faces[s.rule.id],
            s,
            seen.now,
            spent=seen.spent.get(s.rule.id, 0),
            wish=seen.wishes.get(s.rule.id),
            acts=acts,
        )
        for s in chosen
    )
    return [view for view in made if view is not None]
