"""One member's case while it is decided: what is known, and what will be written.

A till's request, a page of an import and a rehearsal all decide on a Case; the
rules never ask the database, and nothing is written before all is decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

INSTANTS = ("told", "brought")
"""What the body of an act keeps in microseconds, where it differs from `recorded`."""

TraceLine = dict[str, Any]
"""One sentence's worth of explanation: a code, its values, and `points` in hundredths."""


@dataclass(slots=True)
class Line:
    """A line of a receipt: quantity in thousandths, money in minor units.

    `paid` is the part paid with points, `base` the part that earns.
    """

    line_no: int
    sku: str | None
    category: str | None
    quantity: int
    quantity_left: int
    amount: int
    paid: int
    base: int
    price: str | None
    discounts: list[dict[str, Any]] | None = None
    names_line: int | None = None

    @property
    def is_left(self) -> bool:
        """Whether any of it is still kept (goods by weight may have no quantity)."""
        return self.quantity_left != 0 or self.quantity == 0


@dataclass(slots=True)
class Act:
    """An activity as the rules see it; `day` and `minute` are the receipt's own clock."""

    id: int
    source: str
    external_id: str
    member_id: int
    type: str
    state: str
    occurred: int
    recorded: int
    zone: str
    day: date
    minute: int
    amount: int
    amount_left: int
    base: int
    base_left: int
    points: int
    points_left: int
    points_paid: int
    lines: list[Line]
    body_hash: str
    store: str | None = None
    channel: str | None = None
    operator: str | None = None
    names_id: str | None = None
    names_source: str | None = None
    judged: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    paid_elsewhere: int = 0

    @property
    def told(self) -> int:
        """When it was told first, in microseconds; `recorded` is since when it counts.

        They differ where a person accepted it later.
        """
        return int((self.body or {}).get("told", self.recorded))

    @property
    def brought(self) -> int:
        """When it came, in microseconds: later than it says where a file told of the past."""
        return int((self.body or {}).get("brought", self.recorded))

    @property
    def is_receipt(self) -> bool:
        """Whether it is a purchase or a return; else it has no money and no lines."""
        return self.type in ("purchase", "return")


@dataclass(slots=True)
class LotState:
    """A lot in memory; instants in microseconds, `expires` exclusive or None.

    `cause_id` is the activity or the award that the points came from.
    """

    id: int
    cause_id: int | None
    amount: int
    remaining: int
    reserved: int
    available: int
    expires: int | None

    def is_open(self, at: int) -> bool:
        """Whether its points can be spent at this instant."""
        return self.available <= at and (self.expires is None or at < self.expires)


@dataclass(slots=True)
class StandingState:
    """Where a member stands: position of the tier, and the dates that bound it."""

    position: int
    since: date
    term_ends: date | None
    grace_until: date | None


@dataclass(slots=True)
class Decision:
    """An entry of a member's standing log that still holds."""

    id: int
    day: date
    after: StandingState
    reason: str


@dataclass(slots=True)
class AwardState:
    """An award in memory; `held` is what it gave and what was not taken back."""

    id: int
    status: str
    times: int
    held: int = 0

    @property
    def row(self) -> tuple[str, int, int]:
        """What changes of it."""
        return self.status, self.times, self.held


@dataclass(slots=True)
class EntryState:
    """A member's entry in a challenge, as the row has it; instants in microseconds."""

    id: int
    challenge_id: int
    member_id: int
    period: str
    version: int
    arm: str
    state: str
    starts: int
    ends: int
    joined: int
    score: int = 0
    steps: list[int] = field(default_factory=list)
    rung: int = 0
    reached: list[list[int]] = field(default_factory=list)
    completed: int | None = None
    completed_by: int | None = None
    place: int | None = None
    prize: str | None = None
    paid: int = 0
    points: int = 0
    times: int = 0
    due: int | None = None
    seen: int | None = None


CounterValue = tuple[int, str | None]


class Source(Protocol):
    """Where a state finds what it was not handed; a complete state needs none."""

    def counter_values(self, measure_id: int) -> dict[str, CounterValue]: ...
    def key_counts(self, measure_id: int, period: str) -> dict[str, int]: ...
    def day_sums(self, measure_id: int, since: date) -> dict[date, int]: ...
    def timeline(self) -> list["Decision"]: ...
    def lots(self) -> list[LotState]: ...
    def debt(self) -> int: ...
    def spent_lots(self, activity_id: int) -> tuple[int, list[tuple[LotState, int]]]: ...
    def own_points(self, own: frozenset[int]) -> tuple[int, int, int]: ...
    def awards(self, achievement_id: int) -> dict[tuple[int, str], AwardState]: ...
    def entries(self, challenge_ids: Sequence[int]) -> list[EntryState]: ...
    def acts_since(self, instant: int) -> list[Act]: ...
    def is_meant(self, audience: dict[str, Any], at: int) -> bool: ...


@dataclass(slots=True)
class MemberState:
    """All that decisions about one member read; what is missing is asked of the source.

    `zone` is the programme's; `own_zone` the member's, where they chose one. `invited`
    is whoever came by somebody's invitation: it looks at each of their receipts. `joined` is
    the instant of joining.
    `decided_on` is the local day from which the latest standing holds: an act
    dated before it is late, and the standing is decided again.
    """

    member_id: int
    zone: ZoneInfo
    locale: str
    joined_day: date
    standing: StandingState | None
    decided_on: date | None
    source: Source
    counters: dict[tuple[int, str], CounterValue] = field(default_factory=dict)
    keys: dict[tuple[int, str, str], int] = field(default_factory=dict)
    held: dict[int, dict[tuple[int, str], AwardState]] = field(default_factory=dict)
    birthday: date | None = None
    own_zone: ZoneInfo | None = None
    invited: bool = False
    joined: int = 0
    entries: dict[int, list[EntryState]] = field(default_factory=dict)
    _recent: tuple[int, dict[int, Act]] | None = None
    _moved: dict[int, Act] = field(default_factory=dict)
    _debt: int | None = None
    _lots: list[LotState] | None = None
    _fresh_lots: list[LotState] = field(default_factory=list)
    _spent: dict[int, tuple[int, list[tuple[LotState, int]]]] = field(default_factory=dict)
    _sums: dict[int, tuple[date, dict[date, int]]] = field(default_factory=dict)
    _changed_sums: dict[tuple[int, date], int] = field(default_factory=dict)
    _timeline: list[Decision] | None = None
    _fresh: list[Decision] = field(default_factory=list)

    def awards_of(self, achievement_id: int) -> dict[tuple[int, str], AwardState]:
        """Awards of one medal by (level, occurrence), read once."""
        if achievement_id not in self.held:
            self.held[achievement_id] = self.source.awards(achievement_id)
        return self.held[achievement_id]

    def read_entries(self, challenge_ids: Sequence[int]) -> None:
        """Read the member's entries in some challenges, each challenge once."""
        missing = [i for i in challenge_ids if i not in self.entries]
        if missing:
            self.entries |= {i: [] for i in missing}
            for entry in self.source.entries(missing):
                self.entries[entry.challenge_id].append(entry)

    def note_acts(self, acts: Iterable[Act]) -> None:
        """Remember acts as they are in this case: they stand over what the tables say."""
        for act in acts:
            self._moved[act.id] = act

    def acts_since(self, instant: int) -> list[Act]:
        """What the member did from an instant on, with this case's changes, in no order."""
        if self._recent is None or instant < self._recent[0]:
            found = self.source.acts_since(instant)
            self._recent = (instant, {act.id: act for act in found})
        return list((self._recent[1] | self._moved).values())

    def lots(self) -> list[LotState]:
        """Lots with something remaining, read once, and those that came since.

        What came may be written by now: then it is read as well, and stands only once.
        """
        if self._lots is None:
            came = {lot.id for lot in self._fresh_lots}
            found = [lot for lot in self.source.lots() if lot.id not in came]
            self._lots = found + self._fresh_lots
        return self._lots

    def debt(self) -> int:
        """Points that they owe, read once, with this case's changes."""
        if self._debt is None:
            self._debt = self.source.debt()
        return self._debt

    def owe(self, points: int) -> None:
        """Let them owe so many points more; less than none is a repayment."""
        self._debt = self.debt() + points

    def add_lot(self, lot: LotState) -> None:
        """Note a lot that is new, or that a refund filled again."""
        (self._fresh_lots if self._lots is None else self._lots).append(lot)

    def spent_lots(self, activity_id: int) -> tuple[int, list[tuple[LotState, int]]]:
        """The spend of a purchase and what is out of each lot for it, with this case's changes."""
        if activity_id not in self._spent:
            spend_id, drawn = self.source.spent_lots(activity_id)
            known = {lot.id: lot for lot in self.lots()}
            for lot, _ in drawn:
                if lot.id not in known:
                    self.add_lot(lot)
            self._spent[activity_id] = spend_id, [(known.get(x.id, x), out) for x, out in drawn]
        return self._spent[activity_id]

    def lapsed_of(self, own: frozenset[int], left: int, at: int) -> int:
        """Points of these lots that lapsed unused and that nothing has asked for yet.

        Args:
            left: what the lots' act had brought until now.
            at: the instant by which a lot lapses, booked or not.
        """
        assert self.source is not None
        credited, lapsed, taken = self.source.own_points(own)
        due = [x for x in self.lots() if x.cause_id in own and x.expires and x.expires <= at]
        lapsed += sum(lot.remaining - lot.reserved for lot in due)
        return max(lapsed - max(credited - left - taken, 0), 0)

    def keep_spent(self, activity_id: int, drawn: list[tuple[LotState, int]]) -> None:
        """Note what is still out of each lot for a purchase, after a refund."""
        self._spent[activity_id] = self._spent[activity_id][0], drawn

    def sums_from(self, measure_id: int, since: date) -> dict[date, int]:
        """Day sums from a day on (earlier ones may be there too), with this case's changes."""
        kept = self._sums.get(measure_id)
        if kept is None or since < kept[0]:
            sums = self.source.day_sums(measure_id, since)
            for (owner, day), value in self._changed_sums.items():
                if owner == measure_id:
                    sums[day] = value
            kept = self._sums[measure_id] = (since, sums)
        return kept[1]

    def set_sum(self, measure_id: int, day: date, value: int) -> None:
        """Set the sum of a day."""
        self.sums_from(measure_id, day)[day] = value
        self._changed_sums[measure_id, day] = value

    def timeline(self) -> list[Decision]:
        """Decisions about the standing that hold, oldest first: as lots, each of them once."""
        if self._timeline is None:
            came = {decision.id for decision in self._fresh}
            found = [decision for decision in self.source.timeline() if decision.id not in came]
            self._timeline = found + self._fresh
        return self._timeline

    def decide(self, decision: Decision) -> None:
        """Note a new decision."""
        (self._fresh if self._timeline is None else self._timeline).append(decision)

    def keep_decisions(self, kept: list[Decision]) -> None:
        """Let only these decisions stand; the others were voided."""
        self._timeline = kept


class Rows:
    """What a case will write, table by table, in one go at the end."""

    def __init__(self) -> None:
        self.inserts: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.counters: dict[tuple[int, int, str], CounterValue] = {}
        self.keys: dict[tuple[int, int, str, str], int] = {}
        self.days: dict[tuple[int, int, str], int] = {}
        self.standings: dict[int, tuple[Any, ...]] = {}
        self.voided: dict[int, int] = {}
        self.acts: dict[int, Act] = {}
        self.changed: dict[int, Act] = {}
        self.lines: dict[tuple[int, int], int] = {}
        self.lots: dict[int, LotState] = {}
        self.awards: dict[int, tuple[str, int, int]] = {}
        self.grants: dict[str, str] = {}
        self.stirred: dict[int, int] = {}
        self.unsaid: list[str] = []
        self.entries: dict[int, EntryState] = {}

    def changed_acts(self) -> list[tuple[Any, ...]]:
        """What changed on activities that were there before."""
        return [
            (a.id, a.state, a.amount_left, a.base_left, a.points_left)
            for a in self.changed.values()
            if a.id not in self.acts
        ]

    def add(self, table: str, *row: Any) -> None:
        """A row to insert, in the order of the table's columns."""
        self.inserts[table].append(row)

    def extend(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Several rows to insert."""
        self.inserts[table].extend(rows)


@dataclass(slots=True)
class Movement:
    """A counter that moved: for a period (`all` or one of its own) from old to new."""

    measure_id: int
    period: str
    old: int
    new: int
