"""The members of an audience at an instant: one way for everybody who asks.

Activities count when they happened before the instant, with what is kept of them now; the
tier, consents, medals and invitations as they were at it. Members are in only while they
take part now: nobody blocked, erased or about to leave. Who joined after the instant did
not exist at it, and is in where the conditions hold for somebody without a past; a caller
who minds asks as of a member's own first act.

A few members (`only`) cost a few probes of indexes for each condition, so that a till may
ask about one; for everybody a condition is one statement. Source: decision 0113.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from zoneinfo import ZoneInfo

from gamification.audiences.asked import (
    Question,
    asks_rhythm,
    buyers,
    question_of,
    stage_of_row,
    value_of_row,
)
from gamification.audiences.conditions import Audience, Condition, InSegment, Stage, Value
from gamification.audiences.moments import Moment
from gamification.audiences.queries import audience_of_segment
from gamification.audiences.rhythm import rhythm_on
from gamification.audiences.stages import Rhythm
from gamification.store import Store

MOST_ASKED = 500
"""About more members than so many, everybody is asked about at once."""
DEEPEST = 8
"""So many segments may lie below a saved one; what was not saved may lean on the deepest."""
TAKES_PART = Question(
    "SELECT m.id FROM member m WHERE {who}m.status = 'active' AND m.leaving_at IS NULL",
    column="m.id",
)


@dataclass(frozen=True, slots=True)
class Step:
    """How many members are left after a condition; None: before any. `excludes` takes away."""

    condition: Condition | None
    excludes: bool
    size: int


def members_of(
    store: Store,
    audience: Audience,
    as_of: int,
    zone: ZoneInfo,
    *,
    only: Collection[int] | None = None,
    rhythm: Rhythm | None = None,
) -> set[int]:
    """Ids of the members for whom an audience holds at an instant.

    Args:
        as_of: the instant, in microseconds since 1970.
        zone: the programme's; days are its local dates.
        only: look at these members alone; None: at everybody.
        rhythm: of the local day of `as_of`, for who asks often; None: it is looked up when
            a condition needs it.
    """
    if only is not None and not only:
        return set()
    asked = _asked(only)
    moment = Moment(as_of, zone, store.postgres, rhythm)
    found = _found(store, _Counted(store, moment), audience, asked, DEEPEST + 1)
    return found if only is None or asked is not None else found & set(only)


def explain(
    store: Store,
    audience: Audience,
    as_of: int,
    zone: ZoneInfo,
    *,
    rhythm: Rhythm | None = None,
) -> list[Step]:
    """How many are left after each condition in order, the first of all before any.

    Goes on after nobody is left, so that a page can name the condition that did it: the
    first of the steps with size 0.
    """
    counted = _Counted(store, Moment(as_of, zone, store.postgres, rhythm))
    base = found = _answer(store, TAKES_PART, None, frozenset())
    steps = [Step(None, False, len(base))]
    for condition, excludes in _ordered(audience):
        holding = _holding(store, counted, condition, None, base, DEEPEST + 1)
        found = found - holding if excludes else found & holding
        steps.append(Step(condition, excludes, len(found)))
    return steps


def emptied_by(steps: Iterable[Step]) -> Step | None:
    """The step after which nobody was left; None while somebody is."""
    return next((step for step in steps if step.size == 0), None)


def spread(
    store: Store, as_of: int, zone: ZoneInfo, *, rhythm: Rhythm | None = None
) -> tuple[Counter[Stage], Counter[Value]]:
    """How many members are at each stage, and how many of each kind by value; one statement."""
    rhythm = rhythm or rhythm_on(store, Moment(as_of, zone, store.postgres).today, zone)
    moment = Moment(as_of, zone, store.postgres, rhythm)
    base = _answer(store, TAKES_PART, None, frozenset())
    rows = store.rows(buyers(moment).sql.replace("{who}", ""), as_of)
    here = [row for row in rows if row[0] in base]
    stages = Counter(stage_of_row(row, moment, rhythm) for row in here)
    stages["potential"] += len(base) - len(here)
    kinds = (value_of_row(row, moment, rhythm) for row in here)
    return stages, Counter(kind for kind in kinds if kind is not None)


def sample(found: Collection[int], n: int = 10) -> list[int]:
    """A few members from all over the set, the same ones for the same set."""
    return nsmallest(n, found, key=lambda member_id: (member_id * 2_654_435_761 % 2**32, member_id))


def _asked(only: Collection[int] | None) -> tuple[int, ...] | None:
    """Whom statements are asked about: those few, or everybody where they are many."""
    if only is None or len(set(only)) > MOST_ASKED:
        return None
    return tuple(sorted(set(only)))


class _Counted:
    """The moment, with the shop's rhythm once a condition asks for it."""

    def __init__(self, store: Store, moment: Moment) -> None:
        self._store = store
        self._moment = moment

    def moment_for(self, condition: Condition) -> Moment:
        """The moment as this condition needs it."""
        moment = self._moment
        if moment.rhythm is None and asks_rhythm(condition):
            day: date = moment.today
            rhythm = rhythm_on(self._store, day, moment.zone)
            self._moment = Moment(moment.at, moment.zone, moment.postgres, rhythm)
        return self._moment


def _ordered(audience: Audience) -> Iterable[tuple[Condition, bool]]:
    yield from ((condition, False) for condition in audience.all)
    yield from ((condition, True) for condition in audience.none)


def _found(
    store: Store,
    counted: _Counted,
    audience: Audience,
    asked: tuple[int, ...] | None,
    depth: int,
) -> set[int]:
    found = _answer(store, TAKES_PART, asked, frozenset())
    base = frozenset(found)
    for condition, excludes in _ordered(audience):
        if not found:
            break
        holding = _holding(store, counted, condition, asked, base, depth)
        found = found - holding if excludes else found & holding
    return found


def _holding(
    store: Store,
    counted: _Counted,
    condition: Condition,
    asked: tuple[int, ...] | None,
    base: Collection[int],
    depth: int,
) -> set[int]:
    """For which of the base a condition holds."""
    if isinstance(condition, InSegment):
        assert depth > 0, "no segment that is saved leads back to itself"
        within = audience_of_segment(store, condition.segment_id)
        return _found(store, counted, within, asked, depth - 1) if within else set()
    question = question_of(condition, counted.moment_for(condition))
    return _answer(store, question, asked, base)


def _answer(
    store: Store, question: Question, asked: tuple[int, ...] | None, base: Collection[int]
) -> set[int]:
    """The members that a question finds; the rest of the base where the others are meant."""
    who = "" if asked is None else f"{question.column} IN ({', '.join('?' * len(asked))}) AND "
    rows = store.rows(question.sql.replace("{who}", who), *(asked or ()), *question.params)
    judge = question.judge
    found = {row[0] for row in rows if judge is None or judge(row)}
    return set(base) - found if question.others else found
