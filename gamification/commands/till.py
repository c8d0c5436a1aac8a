"""What a till says: somebody bought, somebody brought back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gamification.activities.queries import (
    claimed_beyond,
    find_act,
    has_told,
    is_before_purchase,
    kept_purchases,
    waiting_acts,
)
from gamification.activities.receipts import Receipt, ReceiptLine, act_of, body_hash
from gamification.activities.returns import (
    check_money,
    match_latest,
    match_named,
    tell_of_return,
    whole_amount,
)
from gamification.case import Act, MemberState, Rows
from gamification.columns import to_micros
from gamification.definitions import Definitions, current_definitions, definitions_of
from gamification.holding import hold_member_found
from gamification.judgement import payable
from gamification.loading import MEMBER_COLUMNS, load_counters, state_of, write_rows
from gamification.measures.rules import Contribution
from gamification.measures.seeding import seed_missing
from gamification.notices.actions import unsay_medal
from gamification.programme import Programme
from gamification.reactions import Case, settle
from gamification.referrals.traces import note_traces
from gamification.refusals import (
    CardBlocked,
    ConflictingBody,
    GoodsDiffer,
    MemberBlocked,
    ReceiptClosed,
    ReturnsTooMuch,
    ShareTooHigh,
    UnknownMember,
    UnknownReceipt,
    UnknownSource,
)
from gamification.sources import TableSource
from gamification.store import Store, compact_json
from gamification.world import World

__all__ = [
    "Desk",
    "MemberRef",
    "Outcome",
    "Receipt",
    "ReceiptLine",
    "forget_waiting",
    "hold_member",
    "lock_member",
    "record_receipt",
    "refuse_blocked",
    "replayed",
    "settle_return",
]


NOT_COUNTED = ("parked", "under_review", "rejected")


@dataclass(frozen=True, slots=True)
class MemberRef:
    """Who acts: exactly one of these."""

    member_id: int | None = None
    card: str | None = None
    phone: str | None = None
    external_id: str | None = None

    def key(self) -> str:
        """The one that is given, as text for hashes and messages."""
        for name in ("card", "phone", "external_id", "member_id"):
            if (value := getattr(self, name)) is not None:
                return f"{name}:{value}"
        return ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `status`: recorded, replayed, parked, under_review,
    or rejected (by a person, when it is told again).

    `again`: the same was told before, and this is the stored answer.
    """

    status: str
    activity_id: int
    member_id: int
    answer: dict[str, Any]
    again: bool = False


def record_receipt(
    world: World, receipt: Receipt, who: MemberRef, *, strict: bool = True
) -> Outcome:
    """Record a purchase or a return, once per source and external id.

    The same id with the same body answers as before and changes nothing. A
    return that names an unknown purchase is parked; a receipt dated outside the
    accepted span, or of an unusually large sum, waits for a person. What a purchase was
    paid with leaves a trace, when it is told for the first time.

    Args:
        strict: refuse a return that does not fit its purchase (a till), and let a person
            look at one that was parked or that is dated before what it names.
    Raises:
        UnknownMember, CardBlocked, MemberBlocked: nobody, or nobody who may.
        ConflictingBody: the id came before with another body.
        ReceiptClosed, ReturnsTooMuch, GoodsDiffer: the return does not fit.
        UnknownSource: the return names a number of somebody who never told of anything.
        NotEnoughPoints, ShareTooHigh: points to pay with.
    Source: semantics 3 and 7.
    """
    store = Store(world.connection)
    member_id, member_row, definitions = hold_member(world, store, who)
    digest = body_hash(receipt, str(member_id))
    known = find_act(store, receipt.source, receipt.external_id)
    if known:
        return replayed(known, digest)
    refuse_blocked(member_row)
    if receipt.payment and receipt.type == "purchase":
        note_traces(store, world.now, [(member_id, "payment", receipt.payment)])
    desk = Desk(world, store, definitions)
    state = state_of(member_row, definitions, TableSource(store, definitions, member_id))
    act = act_of(
        receipt, act_id=world.ids(), member_id=member_id, now=to_micros(world.now), digest=digest
    )
    if waits := _needs_a_look(world, definitions.programme, receipt):
        return desk.set_aside(act, receipt, "under_review", waits)
    if receipt.type == "return":
        if strict and receipt.names_id and is_before_purchase(store, act):
            return desk.set_aside(act, receipt, "under_review", "before_purchase")
        return desk.take_return(state, act, receipt, strict=strict)
    return desk.take_purchase(state, act, receipt, strict=strict)


def replayed(known: Act, digest: str) -> Outcome:
    """The stored answer of an activity; raises ConflictingBody for another body."""
    if known.body_hash != digest:
        raise ConflictingBody(source=known.source, external_id=known.external_id)
    status = known.state if known.state in NOT_COUNTED else "replayed"
    return Outcome(status, known.id, known.member_id, known.outcome or {}, again=True)


def lock_member(world: World, store: Store, who: MemberRef) -> tuple[int, Any, Definitions]:
    """Find the member and hold their rows until the transaction ends.

    Raises:
        UnknownMember, CardBlocked, MemberBlocked.
    """
    member_id, row, definitions = hold_member(world, store, who)
    refuse_blocked(row)
    return member_id, row, definitions


def refuse_blocked(row: Any) -> None:
    """A blocked card or member may not act; what they did before is still answered."""
    if row[-2] != "active":
        raise CardBlocked()
    if row[1] == "blocked":
        raise MemberBlocked()


def hold_member(world: World, store: Store, who: MemberRef) -> tuple[int, Any, Definitions]:
    joins, where, value = {
        "card": ("JOIN card c ON c.member_id = m.id", "c.number = ?", who.card),
        "phone": ("", "m.phone = ?", who.phone),
        "external_id": ("", "m.external_id = ?", who.external_id),
        "member_id": ("", "m.id = ?", who.member_id),
    }[who.key().split(":")[0]]
    # A statement of its own: whoever waited for the lock must read what the other wrote.
    hold_member_found(store, joins, where, value)
    state = "c.state" if who.card is not None else "'active'"
    row = store.first(
        f"SELECT {MEMBER_COLUMNS}, {state}, (SELECT version FROM programme)"
        f" FROM member m {joins} LEFT JOIN standing s ON s.member_id = m.id WHERE {where}",
        value,
    )
    if row is None:
        current_definitions(world.session)
    if row is None or row[1] == "erased":
        raise UnknownMember(who=who.key().split(":")[0])
    return row[0], row, definitions_of(world, row[-1])


def _needs_a_look(world: World, programme: Programme, receipt: Receipt) -> str | None:
    """Why a person looks at it before it counts, or None.

    A clock that is not believed (decisions, 5), or a sum that is not. A return that names
    its purchase can take no more than that, so its sum needs no look.
    """
    if receipt.occurred_at > world.now + timedelta(minutes=programme.early_minutes):
        return "from_the_future"
    if receipt.occurred_at < world.now - timedelta(days=programme.late_days):
        return "too_late"
    bounded = receipt.type == "return" and receipt.names_id is not None
    if programme.review_over is not None and not bounded:
        return "large_amount" if abs(receipt.total) > programme.review_over else None
    return None


@dataclass(slots=True)
class Desk:
    """One live transaction at the till."""

    world: World
    store: Store
    definitions: Definitions

    def case(self, state: MemberState, act: Act, rows: Rows) -> Case:
        """A live case that reads the counters it touches just before they move."""

        def prepare(before: Contribution, after: Contribution) -> None:
            load_counters(self.store, self.definitions, state, before, after)
            seed_missing(self.store, self.definitions.book, state, rows, act, before, after)

        return Case(self.definitions, state, rows, self.world.ids, act, prepare=prepare)

    def take_purchase(
        self, state: MemberState, act: Act, receipt: Receipt, *, strict: bool = True
    ) -> Outcome:
        """A purchase, a correction of one, and the returns that waited for it."""
        self._check_share(act)
        case = self.case(state, act, Rows())
        if receipt.names_id:
            case.supersedes = self._superseded(act, receipt.names_id)
        settle(case)
        write_rows(self.store, case.rows)
        for waiting in waiting_acts(self.store, act):
            if not self.unpark(state, waiting, act, strict=strict):
                continue
            tell_of_return(act, waiting)
            self.store.run(
                "UPDATE activity SET outcome = ? WHERE id = ?", compact_json(act.outcome), act.id
            )
        return Outcome("recorded", act.id, act.member_id, act.outcome or {})

    def _check_share(self, act: Act) -> None:
        if act.points_paid:
            worth = self.definitions.programme.point_worth
            share = max(act.amount, 0) * self.definitions.programme.pay_share // 100
            rules = self.definitions.rules.at(act.occurred)
            rest = act.amount - sum(line.amount for line in act.lines)
            most = min(share, payable(act.lines, rest, rules)) // worth
            if act.points_paid > most:
                raise ShareTooHigh(wanted=act.points_paid, most=most)

    def _superseded(self, act: Act, names_id: str) -> Act:
        old = find_act(self.store, act.source, names_id)
        if old is None or old.member_id != act.member_id or old.type != "purchase":
            raise UnknownReceipt(receipt=names_id)
        if old.state != "counted" or old.points_paid:
            raise ReceiptClosed(receipt=names_id)
        return old

    def take_return(
        self, state: MemberState, act: Act, receipt: Receipt, *, strict: bool
    ) -> Outcome:
        """A return that names its purchase, waits for it, or finds its goods."""
        case = self.case(state, act, Rows())
        if receipt.names_id:
            purchase = find_act(self.store, receipt.named_source, receipt.names_id)
            elsewhere = receipt.named_source != act.source
            if purchase is None and elsewhere and not has_told(self.store, receipt.named_source):
                raise UnknownSource(named=receipt.named_source)
            if purchase is None or purchase.state == "under_review":
                return self.set_aside(act, receipt, "parked", "purchase_unknown")
            if purchase.member_id != act.member_id or purchase.type != "purchase":
                raise UnknownReceipt(receipt=receipt.names_id)
            self._take_named(case, purchase, whole=receipt.whole, strict=strict)
        else:
            purchases = kept_purchases(self.store, act.member_id, act.occurred)
            case.matches = match_latest(act, purchases)
        settle_return(case)
        write_rows(self.store, case.rows)
        return Outcome("recorded", act.id, act.member_id, act.outcome or {})

    def _take_named(self, case: Case, purchase: Act, *, whole: bool, strict: bool) -> None:
        """Match a return to the purchase that it names; strict, it takes no more than is left."""
        act, case.whole = case.act, whole
        case.matches = match_named(act, purchase, whole=whole, strict=strict)
        claimed = claimed_beyond(self.store, purchase) if strict else 0
        if whole:
            act.amount = whole_amount(purchase, claimed=claimed)
        elif strict:
            check_money(act, purchase, case.matches, claimed=claimed)

    def unpark(self, state: MemberState, waiting: Act, purchase: Act, *, strict: bool) -> bool:
        """Apply a return that came before its purchase; answers whether it was applied.

        Strict, one that does not fit waits for a person: nobody is there to be refused.
        """
        act, body, rows = waiting, waiting.body or {}, Rows()
        if strict and act.occurred < purchase.occurred and not body.get("decisions"):
            return self._let_decide(act, "before_purchase")
        case = self.case(state, act, rows)
        try:
            self._take_named(case, purchase, whole=bool(body.get("whole")), strict=strict)
        except (ReceiptClosed, ReturnsTooMuch, GoodsDiffer):
            return self._let_decide(act, "does_not_fit")
        act.recorded, act.state = max(purchase.recorded, act.occurred), "counted"
        settle_return(case)
        forget_waiting(self.store, act.id)
        write_rows(self.store, rows)
        for _, _, _, award in case.taken:
            unsay_medal(self.store, award.id, award.times, written=purchase.recorded)
        return True

    def _let_decide(self, waiting: Act, why: str) -> bool:
        """Let a return that waited for its purchase wait for a person instead: not applied."""
        self.store.run(
            "UPDATE activity SET state = 'under_review', outcome = ?, body = ? WHERE id = ?",
            compact_json({"points": 0, "waits": why}),
            compact_json((waiting.body or {}) | {"waits": why}),
            waiting.id,
        )
        return False

    def set_aside(self, act: Act, receipt: Receipt, status: str, why: str) -> Outcome:
        """Keep an activity that counts nowhere yet, and say so."""
        act.state, act.amount_left = status, 0
        act.outcome = {"points": 0, "waits": why}
        act.body = (act.body or {}) | {"whole": receipt.whole, "waits": why}
        if any(line.names_line for line in act.lines):
            act.body["named"] = [line.names_line for line in act.lines]
        rows = Rows()
        rows.acts[act.id] = act
        write_rows(self.store, rows)
        return Outcome(status, act.id, act.member_id, act.outcome)


def forget_waiting(store: Store, activity_id: int) -> None:
    """A parked row was only a promise: the counted one takes its place."""
    store.run("DELETE FROM activity_line WHERE activity_id = ?", activity_id)
    store.run("DELETE FROM activity WHERE id = ?", activity_id)


def settle_return(case: Case) -> None:
    """Settle a return together with the purchases it takes from."""
    seen = {match.purchase.id: match.purchase for match in case.matches}
    case.touched = [seen[i] for i in sorted(seen)]
    settle(case)
