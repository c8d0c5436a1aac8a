"""Take a page of many receipts at once: the same decisions, written together.

The receipts of a member are decided in order of time; a page is one
transaction. What an import leaves is what the same receipts posted one by one
would have left.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from gamification.activities.queries import (
    corrected_by,
    find_act,
    kept_purchases,
    parked_acts,
)
from gamification.activities.receipts import Receipt, ReceiptLine, act_of, body_hash
from gamification.activities.returns import match_latest, match_named, tell_of_return
from gamification.case import Act, MemberState, Rows
from gamification.columns import to_micros
from gamification.commands.till import forget_waiting, settle_return
from gamification.definitions import Definitions, current_definitions
from gamification.holding import pass_gate
from gamification.loading import load_pages, write_rows
from gamification.measures.seeding import seed_members
from gamification.members.newcomers import erased_among, named_among, new_member_row
from gamification.reactions import Case, settle
from gamification.referrals.traces import (
    PAID_WITH,
    PAYMENT_KEPT,
    marker,
    note_payments,
    passing_marker,
)
from gamification.refusals import ReceiptClosed, Refusal
from gamification.store import Store
from gamification.world import IdSource, World

__all__ = ["PageReport", "Receipt", "ReceiptLine", "passing_marks", "payment_marks", "take_page"]

EVER = 2**62
"""An instant after all others, in microseconds."""


@dataclass(slots=True)
class PageReport:
    """What became of a page: receipts recorded, known already, in conflict, or refused."""

    recorded: int = 0
    replayed: int = 0
    members: int = 0
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    parked: int = 0

    def add(self, other: "PageReport") -> None:
        """Add another page's numbers."""
        self.recorded += other.recorded
        self.replayed += other.replayed
        self.members += other.members
        self.parked += other.parked
        self.conflicts += other.conflicts
        self.refused += other.refused


def payment_marks(world: World) -> Callable[[str], str]:
    """What turns the sign of a payment into the hash that is kept of it, before anything else."""
    return marker(Store(world.connection), PAID_WITH)


def passing_marks() -> Callable[[str], str]:
    """As `payment_marks`, for a look at a file after which nothing is kept."""
    return passing_marker(PAID_WITH)


def take_page(
    session: Session,
    ids: IdSource,
    people: Sequence[tuple[str, Sequence[Receipt]]],
    *,
    brought: datetime | None = None,
    cards: bool = True,
) -> PageReport:
    """Record the receipts of several members, each named by external id or card.

    Whom no name fits joins with the first receipt. Commits nothing.

    Args:
        brought: when a shop brought the file: what is told now of a challenge that runs is
            held from now. None tells a history as of its own days.
        cards: whether a name that is no external id may be the number of a card.
    """
    store = Store(session.connection())
    pass_gate(store)
    definitions = current_definitions(session)
    report = PageReport()
    people = _without_erased(store, people, report)
    if not people:
        return report
    names = [name for name, _ in people]
    found = named_among(store, names, cards=cards)
    members = _with_newcomers(store, people, found, report, definitions.programme.locale)
    states = load_pages(store, definitions, members.values())
    known = _known_acts(store, people)
    waiting: defaultdict[int, list[Act]] = defaultdict(list)
    for act in parked_acts(store, members.values()):
        waiting[act.member_id].append(act)
    rows = Rows()
    seed_members(store, definitions.book, states.values(), rows)
    paid: list[tuple[int, Receipt]] = []
    for member_id, receipts in _by_member(people, members).items():
        state, theirs = states[member_id], waiting[member_id]
        page = MemberPage(store, definitions, ids, state, rows, report, theirs, brought)
        for receipt in sorted(receipts, key=lambda r: (r.occurred_at, r.external_id)):
            page.take(receipt, known.get((receipt.source, receipt.external_id)))
        paid += [(state.member_id, receipt) for receipt in page.paid]
    write_rows(store, rows)
    _note_payments(store, paid, brought)
    return report


def _note_payments(
    store: Store, paid: Sequence[tuple[int, Receipt]], brought: datetime | None
) -> None:
    """Keep what was paid with, seen when it was; what would be forgotten by now is not kept."""
    if not paid:
        return
    mark_of = marker(store, PAID_WITH)
    told = EVER if brought is None else to_micros(brought)
    since = 0 if brought is None else to_micros(brought - PAYMENT_KEPT)
    sights = [
        (member_id, receipt.payment_mark or mark_of(receipt.payment or ""), seen)
        for member_id, receipt in paid
        if (seen := min(to_micros(receipt.occurred_at), told)) >= since
    ]
    note_payments(store, sights)


def _without_erased(
    store: Store, people: Sequence[tuple[str, Sequence[Receipt]]], report: PageReport
) -> Sequence[tuple[str, Sequence[Receipt]]]:
    """The page without members who were erased: an old file brings nobody back."""
    gone = erased_among(store, [external_id for external_id, _ in people])
    for external_id, receipts in people:
        if external_id in gone:
            report.refused += [(receipt.external_id, "member_erased") for receipt in receipts]
    return [person for person in people if person[0] not in gone] if gone else people


def _with_newcomers(
    store: Store,
    people: Sequence[tuple[str, Sequence[Receipt]]],
    found: dict[str, int],
    report: PageReport,
    locale: str,
) -> dict[str, int]:
    """Ids of members by the names that the page has for them; those who are new join."""
    fresh = [
        new_member_row(
            external_id=key, joined_at=_first_of(receipts), origin="import", locale=locale
        )
        for key, receipts in people
        if key not in found
    ]
    if fresh:
        report.members += len(fresh)
        columns = tuple(fresh[0])
        store.insert("member", [tuple(row.values()) for row in fresh], columns=columns)
        found |= named_among(store, [row["external_id"] for row in fresh], cards=False)
    return found


def _by_member(
    people: Sequence[tuple[str, Sequence[Receipt]]], members: dict[str, int]
) -> dict[int, list[Receipt]]:
    """The page's receipts by member: one may stand there with an id and with two cards."""
    found: dict[int, list[Receipt]] = {}
    for name, receipts in people:
        found.setdefault(members[name], []).extend(receipts)
    return found


def _first_of(receipts: Iterable[Receipt]) -> datetime:
    return min(receipt.occurred_at for receipt in receipts)


def _known_acts(
    store: Store, people: Sequence[tuple[str, Sequence[Receipt]]]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Receipts that came before: (member, body hash) by source and external id."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    by_source: dict[str, list[str]] = {}
    for _, receipts in people:
        for receipt in receipts:
            by_source.setdefault(receipt.source, []).append(receipt.external_id)
    for source, external_ids in by_source.items():
        for key, member_id, digest in store.in_list(
            "SELECT external_id, member_id, body_hash FROM activity"
            " WHERE external_id IN (?*) AND source = ?",
            external_ids,
            source,
        ):
            found[source, key] = (member_id, digest)
    return found


@dataclass(slots=True)
class MemberPage:
    """One member's receipts within a page."""

    store: Store
    definitions: Definitions
    ids: IdSource
    state: MemberState
    rows: Rows
    report: PageReport
    waiting: list[Act]
    brought: datetime | None = None
    here: dict[str, Act] = field(default_factory=dict)
    read: dict[int, Act] = field(default_factory=dict)
    paid: list[Receipt] = field(default_factory=list)
    stored: list[Act] | None = None

    def __post_init__(self) -> None:
        if self.state.standing is None:
            self.stored = []  # Whoever stands nowhere has bought nothing before this page.

    def take(self, receipt: Receipt, known: tuple[int, str] | None) -> None:
        """One receipt: recorded, known already, or set aside with a reason."""
        digest = body_hash(receipt, str(self.state.member_id))
        again = self.here.get(f"{receipt.source}\n{receipt.external_id}")
        seen = (again.member_id, again.body_hash) if again else known
        if seen:
            if seen == (self.state.member_id, digest):
                self.report.replayed += 1
            else:
                self.report.conflicts.append((receipt.source, receipt.external_id))
            return
        try:
            self._record(receipt, digest)
        except Refusal as refusal:
            self.report.refused.append((receipt.external_id, refusal.code))

    def _record(self, receipt: Receipt, digest: str) -> None:
        act = act_of(
            receipt,
            act_id=self.ids(),
            member_id=self.state.member_id,
            now=to_micros(receipt.occurred_at),
            digest=digest,
        )
        self._note_brought(act)
        case = Case(self.definitions, self.state, self.rows, self.ids, act, live=False)
        if receipt.type == "return":
            self._match(case, receipt)
            if act.state == "parked":
                # It waits from when it came, whatever day it tells of.
                if self.brought is not None:
                    act.recorded = to_micros(self.brought)
                self.rows.acts[act.id] = act
                self.waiting.append(act)
                self.report.parked += 1
                return
            settle_return(case)
        else:
            settle(case)
        self.here[f"{receipt.source}\n{receipt.external_id}"] = act
        self.report.recorded += 1
        if receipt.type == "purchase" and (receipt.payment_mark or receipt.payment):
            self.paid.append(receipt)
        if act.type == "purchase" and self.waiting:
            self._unpark(act)

    def _note_brought(self, act: Act) -> None:
        """Keep when a receipt came where a challenge may ask: its reward is held from then."""
        rules = self.definitions.challenges
        asks = (
            bool(rules)
            if act.type == "return"
            else any(rule.concerns(act, now_kept=False) for rule in rules)
        )
        if asks and self.brought is not None:
            came = to_micros(self.brought)
            # A hold never begins before the day of what it waits for; a return is there at once.
            act.body = {"brought": came if act.type == "return" else max(came, act.recorded)}

    def _unpark(self, purchase: Act) -> None:
        """Apply returns that came before their purchase."""
        meant = [
            x
            for x in self.waiting
            if (x.names_source, x.names_id) == (purchase.source, purchase.external_id)
        ]
        for act in meant:
            self.waiting.remove(act)
            if act.id not in self.rows.acts:
                forget_waiting(self.store, act.id)
            act.state, act.recorded = "counted", max(purchase.recorded, act.occurred)
            case = Case(self.definitions, self.state, self.rows, self.ids, act, live=False)
            case.whole = bool((act.body or {}).get("whole"))
            case.matches = match_named(act, purchase, whole=case.whole, strict=False)
            if case.whole:
                act.amount = -purchase.amount_left
            settle_return(case)
            tell_of_return(purchase, act)

    def _match(self, case: Case, receipt: Receipt) -> None:
        act = case.act
        if receipt.names_id is None:
            case.matches = match_latest(act, self._latest_first(act))
            return
        purchase = self.here.get(f"{receipt.named_source}\n{receipt.names_id}")
        if purchase is None:
            purchase = self._stored(find_act(self.store, receipt.named_source, receipt.names_id))
        if purchase is not None and purchase.state == "superseded":
            purchase = self._stored(corrected_by(self.store, purchase)) or purchase
        if (
            purchase is None
            or purchase.type != "purchase"
            or purchase.member_id != act.member_id
            or purchase.state == "under_review"
        ):
            act.state, act.amount_left = "parked", 0
            act.outcome = {"points": 0, "waits": "purchase_unknown"}
            act.body = (act.body or {}) | {"whole": receipt.whole, "waits": "purchase_unknown"}
            return
        if purchase.state == "rejected":
            raise ReceiptClosed(receipt=receipt.names_id)
        case.whole = receipt.whole
        case.matches = match_named(act, purchase, whole=receipt.whole, strict=False)
        if receipt.whole:
            act.amount = -purchase.amount_left

    def _stored(self, act: Act | None) -> Act | None:
        """The one object for a stored purchase, so that changes within a page add up."""
        return None if act is None else self.read.setdefault(act.id, act)

    def _latest_first(self, act: Act) -> list[Act]:
        """Kept purchases before a return: those of this page, and stored ones."""
        found = [*self._stored_purchases(), *self.here.values()]
        kept = [
            x
            for x in found
            if x.type == "purchase"
            and x.occurred <= act.occurred
            and x.state in ("counted", "partly_returned")
        ]
        return sorted(kept, key=lambda x: (x.occurred, x.id), reverse=True)

    def _stored_purchases(self) -> list[Act]:
        """Purchases that came before this page, read once for all its returns."""
        if self.stored is None:
            found = kept_purchases(self.store, self.state.member_id, EVER)
            self.stored = [self.read.setdefault(x.id, x) for x in found]
        return self.stored
