"""The only writer of points: every credit makes a lot, every debit names its lots."""

from dataclasses import dataclass
from typing import NamedTuple

from gamification.case import LotState, MemberState, Rows, TraceLine
from gamification.columns import from_micros, to_micros
from gamification.ledger.rules import clawback_order, draw, spendable, spending_order
from gamification.programme import Programme, local_day, lot_life
from gamification.refusals import NotEnoughPoints
from gamification.store import compact_json
from gamification.world import IdSource

SYSTEM_ACCOUNTS = {"issue": -1, "spent": -2, "expired": -3, "writeoff": -4}


def wallet_of(member_id: int) -> int:
    """The account of a member's points."""
    return member_id * 2


def debt_of(member_id: int) -> int:
    """The account of what a member owes; the next credit repays it first."""
    return member_id * 2 + 1


@dataclass(slots=True)
class Posting:
    """Where postings of one case go, and at which instants they happened and were booked."""

    programme: Programme
    state: MemberState
    rows: Rows
    ids: IdSource
    occurred: int
    recorded: int

    def transfer(
        self,
        kind: str,
        key: str,
        debit: int,
        credit: int,
        points: int,
        *,
        activity_id: int | None = None,
        award_id: int | None = None,
        reverses_id: int | None = None,
        actor: str | None = None,
        trace: list[TraceLine] | None = None,
    ) -> int:
        """One row in the books; answers its id."""
        assert points > 0, "a transfer moves at least one point"
        transfer_id = self.ids()
        self.rows.add(
            "transfer",
            transfer_id,
            key,
            kind,
            self.state.member_id,
            debit,
            credit,
            points,
            self.occurred,
            self.recorded,
            activity_id,
            award_id,
            reverses_id,
            actor,
            compact_json(trace),
        )
        return transfer_id


def open_accounts(rows: Rows, member_id: int) -> None:
    """The two accounts of a new member."""
    rows.add("ledger_account", wallet_of(member_id), "wallet", member_id)
    rows.add("ledger_account", debt_of(member_id), "debt", member_id)


def credit(
    posting: Posting,
    kind: str,
    key: str,
    points: int,
    *,
    life: tuple[int, int | None] | None = None,
    activity_id: int | None = None,
    award_id: int | None = None,
    actor: str | None = None,
    trace: list[TraceLine] | None = None,
) -> int:
    """Issue points to a member as one lot, after repaying a debt.

    `life` is (available from, expires at) in microseconds; by default the
    programme's pending days and expiry count from the posting's own local day.
    """
    state = posting.state
    transfer_id = posting.transfer(
        kind,
        key,
        SYSTEM_ACCOUNTS["issue"],
        wallet_of(state.member_id),
        points,
        activity_id=activity_id,
        award_id=award_id,
        actor=actor,
        trace=trace,
    )
    available, expires = life or default_life(posting)
    cause_id = award_id or activity_id
    lot = LotState(posting.ids(), cause_id, points, points, 0, available, expires)
    state.add_lot(lot)
    posting.rows.add(
        "lot",
        lot.id,
        state.member_id,
        transfer_id,
        cause_id,
        points,
        points,
        0,
        available,
        expires,
    )
    if posting.programme.negative_policy == "unlimited" and state.debt():
        _repay(posting, lot, key)
    return transfer_id


def default_life(posting: Posting) -> tuple[int, int | None]:
    """The life of points earned on the posting's local day, in microseconds."""
    programme = posting.programme
    day = local_day(from_micros(posting.occurred), programme.zone)
    ripe, burn = lot_life(day, programme.zone, programme.pending_days, programme.expiry_months)
    return to_micros(ripe), None if burn is None else to_micros(burn)


def _repay(posting: Posting, lot: LotState, key: str) -> None:
    state = posting.state
    part = min(state.debt(), lot.remaining - lot.reserved)
    transfer_id = posting.transfer(
        "repayment", f"{key}:repay", wallet_of(state.member_id), debt_of(state.member_id), part
    )
    _take(posting, transfer_id, lot, part)
    state.owe(-part)


def _take(posting: Posting, transfer_id: int, lot: LotState, points: int) -> None:
    lot.remaining -= points
    assert 0 <= lot.reserved <= lot.remaining <= lot.amount, "a lot keeps its bounds"
    posting.rows.lots[lot.id] = lot
    posting.rows.add("allocation", transfer_id, lot.id, points)


class Clawed(NamedTuple):
    """What became of points that should not have been earned."""

    taken: int
    owed: int
    forgiven: int


def claw_back(
    posting: Posting,
    key: str,
    points: int,
    *,
    own: frozenset[int],
    left: int,
    kind: str = "clawback",
    activity_id: int | None = None,
    award_id: int | None = None,
    trace: list[TraceLine] | None = None,
) -> Clawed:
    """Take back what should not have been earned.

    First from the lots of the act itself, on the way or not; what lapsed of them unused is
    gone already and taken from nothing else. Then by the programme's policy: only what is on
    the way, within the balance (the rest is written off), or as a debt that the next credit
    repays.

    Args:
        own: the causes of the lots that are the act's own.
        left: points that the act had brought until now.
    """
    state, policy = posting.state, posting.programme.negative_policy
    order = clawback_order(state.lots(), own, posting.occurred, only_own=policy == "only_pending")
    lapsed = points - min(points, sum(x.remaining - x.reserved for x in order if x.cause_id in own))
    if lapsed:
        lapsed = min(lapsed, state.lapsed_of(own, left, posting.occurred))
    drawn = draw(order, points - lapsed)
    taken = sum(part for _, part in drawn)
    wallet = wallet_of(state.member_id)
    if taken:
        transfer_id = posting.transfer(
            kind,
            key,
            wallet,
            SYSTEM_ACCOUNTS["issue"],
            taken,
            activity_id=activity_id,
            award_id=award_id,
            trace=trace,
        )
        for lot, part in drawn:
            _take(posting, transfer_id, lot, part)
    owed = points - lapsed - taken if policy == "unlimited" else 0
    clawed = Clawed(taken, owed, forgiven=points - taken - owed)
    _book_left_over(posting, key, clawed, activity_id=activity_id, award_id=award_id)
    return clawed


def _book_left_over(
    posting: Posting, key: str, clawed: Clawed, *, activity_id: int | None, award_id: int | None
) -> None:
    """What no lot could give: owed, or written off."""
    for kind, account, points in (
        ("debt", debt_of(posting.state.member_id), clawed.owed),
        ("writeoff", SYSTEM_ACCOUNTS["writeoff"], clawed.forgiven),
    ):
        if points:
            posting.transfer(
                kind,
                f"{key}:{kind}",
                account,
                SYSTEM_ACCOUNTS["issue"],
                points,
                activity_id=activity_id,
                award_id=award_id,
            )
    if clawed.owed:
        posting.state.owe(clawed.owed)


def spend(posting: Posting, key: str, points: int, *, activity_id: int | None = None) -> int:
    """Pay with points: soonest expiry first, each lot named. Answers the transfer's id.

    Raises:
        NotEnoughPoints: less is spendable at the posting's instant.
    """
    state = posting.state
    has = spendable(state.lots(), posting.occurred)
    if has < points:
        raise NotEnoughPoints(wanted=points, has=has)
    transfer_id = posting.transfer(
        "spend",
        key,
        wallet_of(state.member_id),
        SYSTEM_ACCOUNTS["spent"],
        points,
        activity_id=activity_id,
    )
    for lot, part in draw(spending_order(state.lots(), posting.occurred), points):
        _take(posting, transfer_id, lot, part)
    return transfer_id


def refund(
    posting: Posting,
    key: str,
    points: int,
    drawn: list[tuple[LotState, int]],
    *,
    activity_id: int | None = None,
    reverses_id: int | None = None,
) -> list[tuple[LotState, int]]:
    """Give spent points back to the lots they came from, with their old expiry.

    `drawn` is what the spend still has out of each lot, in drawing order; the
    last drawn comes back first. What is past its expiry lapses at once. Answers what is
    still out afterwards.
    """
    state = posting.state
    transfer_id = posting.transfer(
        "refund",
        key,
        SYSTEM_ACCOUNTS["spent"],
        wallet_of(state.member_id),
        points,
        activity_id=activity_id,
        reverses_id=reverses_id,
    )
    left, still_out = points, []
    for lot, out in reversed(drawn):
        part = min(left, out)
        still_out.append((lot, out - max(part, 0)))
        if part <= 0:
            continue
        lot.remaining += part
        left -= part
        assert lot.remaining <= lot.amount, "a refund returns what was drawn"
        posting.rows.lots[lot.id] = lot
        posting.rows.add("allocation", transfer_id, lot.id, -part)
    assert left == 0, "a refund never exceeds what was spent"
    if posting.programme.negative_policy == "unlimited":
        _repay_from(posting, [lot for lot, _ in reversed(drawn)], key)
    return still_out[::-1]


def _repay_from(posting: Posting, lots: list[LotState], key: str) -> None:
    """Repay a debt from lots that points came back to, but for those that have lapsed."""
    for n, lot in enumerate(lots):
        lasts = lot.expires is None or lot.expires > posting.recorded
        if posting.state.debt() and lasts and lot.remaining > lot.reserved:
            _repay(posting, lot, f"{key}:{n}")


def book_expiry(posting: Posting, lot: LotState) -> None:
    """Book what lapsed in a lot, dated at the instant it did."""
    points = lot.remaining - lot.reserved
    if points <= 0:
        return
    transfer_id = posting.transfer(
        "expiry",
        f"expiry:{lot.id}:{posting.ids()}",
        wallet_of(posting.state.member_id),
        SYSTEM_ACCOUNTS["expired"],
        points,
    )
    _take(posting, transfer_id, lot, points)
