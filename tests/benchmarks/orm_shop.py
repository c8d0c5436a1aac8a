"""The same pipeline as somebody would write it with SQLModel objects: to be compared with.

The arithmetic is the engine's own; reading and writing go by rows as objects,
found by `session.get` and `select`, added one by one, flushed with every receipt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from gamification.achievements.rules import crossings
from gamification.achievements.tables import Award, AwardLog
from gamification.activities.receipts import Receipt, act_of, body_hash
from gamification.activities.tables import Activity, ActivityLine
from gamification.case import Act, CounterValue, Movement, StandingState
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions
from gamification.earning.rules import Context, bases_of, evaluate
from gamification.judgement import keep_judgement
from gamification.ledger.actions import SYSTEM_ACCOUNTS, debt_of, wallet_of
from gamification.ledger.tables import LedgerAccount, Lot, Transfer
from gamification.measures.rules import KeySet, View, contribution
from gamification.measures.runs import fold, last_ordinal, ordinal
from gamification.measures.tables import Counter, CounterKey, DaySum
from gamification.members.newcomers import uuid7
from gamification.members.tables import Member
from gamification.programme import lot_life, zone_of
from gamification.tiers.rules import Change, joined, purchase_day
from gamification.tiers.tables import Standing, StandingLog
from gamification.world import IdSource

COMMIT_EVERY = 1000
Row = TypeVar("Row", bound=SQLModel)


@dataclass
class OrmShop:
    """Records receipts through one session."""

    session: Session
    definitions: Definitions
    ids: IdSource
    seen: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """Objects of the member at hand, so that none is asked for twice."""

    def record_all(self, people: Sequence[tuple[str, Sequence[Receipt]]]) -> None:
        """Every receipt of every member, in order of time."""
        done = 0
        for external_id, receipts in people:
            self.seen.clear()
            for receipt in sorted(receipts, key=lambda r: (r.occurred_at, r.external_id)):
                self.record(external_id, receipt)
                done += 1
                if done % COMMIT_EVERY == 0:
                    self.session.commit()
        self.session.commit()

    def record(self, external_id: str, receipt: Receipt) -> None:
        """One receipt through points, counters, medals and tier."""
        member = self._member(external_id, receipt)
        assert member.id is not None, "flushed when it was added"
        known = self.session.exec(
            select(Activity).where(
                Activity.source == receipt.source, Activity.external_id == receipt.external_id
            )
        ).first()
        if known is not None:
            return
        now = to_micros(receipt.occurred_at)
        digest = body_hash(receipt, str(member.id))
        act = act_of(receipt, act_id=self.ids(), member_id=member.id, now=now, digest=digest)
        standing = self._standing(act)
        self._earn(act, standing)
        moved = self._count(act)
        self._award(act, moved)
        self._review(act, standing)
        row = self.session.get_one(Activity, act.id)
        row.outcome = {"points": act.points, "tier": standing.tier_id}
        self.session.flush()

    def _find(self, kind: type[Row], *key: Any) -> Row | None:
        """The object of a key, if there is one."""
        if (kind, *key) not in self.seen:
            self.seen[kind, *key] = self.session.get(kind, key if len(key) > 1 else key[0])
        found: Row | None = self.seen[kind, *key]
        return found

    def _keep(self, row: SQLModel, *key: Any) -> None:
        """A new object, to be found by its key."""
        self.session.add(row)
        self.seen[type(row), *key] = row

    def _member(self, external_id: str, receipt: Receipt) -> Member:
        found = self.session.exec(select(Member).where(Member.external_id == external_id)).first()
        if found is None:
            found = Member(
                public_id=uuid7(),
                external_id=external_id,
                origin="import",
                joined_at=receipt.occurred_at,
            )
            self.session.add(found)
            self.session.flush()
        return found

    def _standing(self, act: Act) -> Standing:
        found = self._find(Standing, act.member_id)
        if found is None:
            for account, kind in (
                (wallet_of(act.member_id), "wallet"),
                (debt_of(act.member_id), "debt"),
            ):
                self.session.add(LedgerAccount(id=account, kind=kind, member_id=act.member_id))
            first = self.definitions.tier_at(1)
            found = Standing(
                member_id=act.member_id,
                tier_id=first.id,
                since=act.day.isoformat(),
                decided_on=act.day.isoformat(),
            )
            self._keep(found, act.member_id)
            self._log(act, None, Change(act.day, joined(act.day), "joined", 0))
        return found

    def _earn(self, act: Act, standing: Standing) -> None:
        programme = self.definitions.programme
        rules = self.definitions.rules.at(act.occurred)
        tier = self.definitions.tier_at(self.definitions.position_of(standing.tier_id))
        context = Context(
            tier.code, rules.rates.get(tier.code, 0), act.day, act.minute,
            programme.point_worth, programme.combine,
        )  # fmt: skip
        for line, base in zip(act.lines, bases_of(act.lines, rules), strict=True):
            line.base = base
        rest = act.amount - sum(line.amount for line in act.lines)
        earned = evaluate([(x.category, x.base) for x in act.lines], rest, rules, context)
        keep_judgement(act, earned, context, rules, 0, None)
        self._add_activity(act)
        if earned.points:
            self._credit(act, earned.points)

    def _add_activity(self, act: Act) -> None:
        self.session.add(
            Activity(
                id=act.id, source=act.source, external_id=act.external_id,
                member_id=act.member_id, type=act.type, state=act.state,
                occurred_at=from_micros(act.occurred), recorded_at=from_micros(act.recorded),
                zone=act.zone, local_date=act.day.isoformat(), local_minute=act.minute,
                amount=act.amount, amount_left=act.amount_left, base=act.base,
                base_left=act.base_left, points=act.points, points_left=act.points_left,
                line_count=len(act.lines), store=act.store, channel=act.channel,
                body_hash=act.body_hash, judged=act.judged,
            )
        )  # fmt: skip
        self.session.flush()
        for line in act.lines:
            self.session.add(
                ActivityLine(
                    activity_id=act.id, line_no=line.line_no, sku=line.sku,
                    category=line.category, quantity=line.quantity,
                    quantity_left=line.quantity_left, amount=line.amount, base=line.base,
                    price=line.price, discounts=line.discounts,
                )
            )  # fmt: skip

    def _credit(self, act: Act, points: int) -> None:
        programme = self.definitions.programme
        ripe, burn = lot_life(
            act.day, zone_of(act.zone), programme.pending_days, programme.expiry_months
        )
        transfer = Transfer(
            id=self.ids(), key=f"act:{act.id}", kind="purchase", member_id=act.member_id,
            debit_account_id=SYSTEM_ACCOUNTS["issue"], credit_account_id=wallet_of(act.member_id),
            points=points, occurred_at=from_micros(act.occurred),
            recorded_at=from_micros(act.recorded), activity_id=act.id,
        )  # fmt: skip
        self.session.add(transfer)
        self.session.flush()  # without relationships, parents have to go first
        self.session.add(
            Lot(
                id=self.ids(), member_id=act.member_id, transfer_id=transfer.id, cause_id=act.id,
                amount=points, remaining=points, available_at=ripe, expires_at=burn,
            )
        )  # fmt: skip

    def _count(self, act: Act) -> list[Movement]:
        given = contribution(self.definitions.book, act)
        moved: list[Movement] = []
        for (measure_id, period), amount in given.numbers.items():
            value = self._value(act, measure_id, period) + amount
            moved += self._set_with_best(act, measure_id, period, (value, None))
        for keys_id, period, key in sorted(given.keys):
            found = self._find(CounterKey, act.member_id, keys_id, period, key)
            if found is None:
                found = CounterKey(
                    member_id=act.member_id, measure_id=keys_id, period=period, key=key, n=0
                )
                self._keep(found, act.member_id, keys_id, period, key)
            found.n += 1
            if found.n == 1:
                moved += self._see_key(act, self.definitions.book.key_sets[keys_id], period, key)
        for (measure_id, day), amount in given.days.items():
            total = self._find(DaySum, act.member_id, measure_id, day.isoformat())
            if total is None:
                total = DaySum(
                    member_id=act.member_id, measure_id=measure_id, day=day.isoformat(), value=0
                )
                self._keep(total, act.member_id, measure_id, day.isoformat())
            total.value += amount
        return moved

    def _value(self, act: Act, measure_id: int, period: str) -> int:
        found = self._find(Counter, act.member_id, measure_id, period)
        return 0 if found is None else found.value

    def _see_key(self, act: Act, keyed: KeySet, period: str, key: str) -> Iterable[Movement]:
        """A key that is new to the member moves every measure that reads its set."""
        for view in keyed.views:
            found = self._find(Counter, act.member_id, view.measure_id, period)
            before = (0, None) if found is None else (found.value, found.state)
            if view.ordered and not self._is_latest(view, before[1], key):
                self.session.flush()
                value, state = fold(view.spec, self._keys(act, keyed.keys_id, period))
            else:
                value, state = view.step(before, key)
            yield from self._set_with_best(act, view.measure_id, period, (value, state))

    def _set_with_best(
        self, act: Act, measure_id: int, period: str, value: CounterValue
    ) -> Iterable[Movement]:
        """A counter, and the whole history's where it is the best of its periods."""
        yield self._set(act, measure_id, period, *value)
        if period != "all" and value[0] > self._value(act, measure_id, "all"):
            yield self._set(act, measure_id, "all", value[0], None)

    def _is_latest(self, view: View, state: str | None, key: str) -> bool:
        last = last_ordinal(view.spec, state)
        return last is None or ordinal(view.unit, key) > last

    def _keys(self, act: Act, keys_id: int, period: str) -> Sequence[str]:
        return self.session.exec(
            select(CounterKey.key).where(
                CounterKey.member_id == act.member_id, CounterKey.measure_id == keys_id,
                CounterKey.period == period, col(CounterKey.n) > 0,
            )
        ).all()  # fmt: skip

    def _set(
        self, act: Act, measure_id: int, period: str, value: int, state: str | None
    ) -> Movement:
        found = self._find(Counter, act.member_id, measure_id, period)
        if found is None:
            found = Counter(member_id=act.member_id, measure_id=measure_id, period=period, value=0)
            self._keep(found, act.member_id, measure_id, period)
        old, found.value, found.state = found.value, value, state
        return Movement(measure_id, period, old, value)

    def _award(self, act: Act, moved: list[Movement]) -> None:
        for movement in moved:
            for medal in self.definitions.medals.get(movement.measure_id, ()):
                for level, occurrence in crossings(medal, movement):
                    held = self.session.exec(
                        select(Award).where(
                            Award.member_id == act.member_id, Award.achievement_id == medal.id,
                            Award.level == level.level, Award.occurrence == occurrence,
                        )
                    ).first()  # fmt: skip
                    if held is not None:
                        continue
                    award = Award(
                        id=self.ids(), member_id=act.member_id, achievement_id=medal.id,
                        version_id=medal.version_id, level=level.level, occurrence=occurrence,
                        status="active", origin="import", earned_at=from_micros(act.occurred),
                        granted_at=from_micros(act.recorded), activity_id=act.id,
                        value=movement.new,
                    )  # fmt: skip
                    self.session.add(award)
                    self.session.flush()
                    self.session.add(
                        AwardLog(
                            id=self.ids(), award_id=award.id, at=from_micros(act.recorded),
                            to_status="active", reason="earned", activity_id=act.id,
                        )
                    )  # fmt: skip

    def _review(self, act: Act, standing: Standing) -> None:
        programme = self.definitions.programme
        first = act.day - timedelta(days=programme.window_days - 1)
        self.session.flush()  # so that the sum of today is found
        spent = self.session.exec(
            select(DaySum).where(
                DaySum.member_id == act.member_id,
                DaySum.measure_id == self.definitions.tier_measure,
                col(DaySum.day) >= first.isoformat(),
                col(DaySum.day) <= act.day.isoformat(),
            )
        ).all()
        before = StandingState(
            self.definitions.position_of(standing.tier_id),
            date.fromisoformat(standing.since),
            None if standing.term_ends is None else date.fromisoformat(standing.term_ends),
            None,
        )
        change = purchase_day(
            before, act.day, sum(x.value for x in spent), self.definitions.tiers, programme
        )
        if change is None:
            return
        self._log(act, standing.tier_id, change)
        standing.tier_id = self.definitions.tier_at(change.after.position).id
        standing.since = standing.decided_on = change.day.isoformat()
        ends = change.after.term_ends
        standing.term_ends = None if ends is None else ends.isoformat()

    def _log(self, act: Act, before: int | None, change: Change) -> None:
        ends = change.after.term_ends
        self.session.add(
            StandingLog(
                id=self.ids(), member_id=act.member_id, effective_from=change.day.isoformat(),
                recorded_at=from_micros(act.recorded), from_tier_id=before,
                tier_id=self.definitions.tier_at(change.after.position).id,
                since=change.after.since.isoformat(),
                term_ends=None if ends is None else ends.isoformat(), reason=change.reason,
                window_days=self.definitions.programme.window_days,
                window_sum=change.window_sum,
                activity_id=None if change.reason == "joined" else act.id,
            )
        )  # fmt: skip
