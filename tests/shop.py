"""A small shop for stories: a moved clock, and verbs that read like the story."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from gamification.achievements.publishing import publish_medal
from gamification.activities.receipts import Receipt, ReceiptLine
from gamification.case import MemberState, Rows
from gamification.columns import to_micros
from gamification.commands.intake import PageReport, take_page
from gamification.commands.owner import (
    ProgrammePlan,
    TierPlan,
    publish_rule,
    touch_definitions,
)
from gamification.commands.till import MemberRef, Outcome, record_receipt
from gamification.definitions import current_definitions
from gamification.ledger.actions import Posting, credit, open_accounts, spend
from gamification.loading import MEMBER_COLUMNS, state_of, write_rows
from gamification.measures.catalogue import Spec
from gamification.members.newcomers import new_member_row
from gamification.sources import TableSource
from gamification.store import Store
from gamification.tiers.actions import TierDesk, enrol
from gamification.world import World, fixed_clock
from tests.programmes import remembered_programme

Good = tuple[str, str | None, str, str]
"""sku, category, quantity, money of the line as text: ("MUG", "mugs", "1", "1800")."""


def plain_tiers(*steps: tuple[str, int, int]) -> tuple[TierPlan, ...]:
    """Tiers from (code, threshold in whole money, rate in hundredths of a per cent)."""
    return tuple(TierPlan(code, {"en": code, "ru": code}, at, rate) for code, at, rate in steps)


@dataclass
class Shop:
    """One programme on one engine; `at` is the shop's clock, in its own zone."""

    engine: sa.Engine
    at: str = "2026-01-01 12:00"
    zone: str = "Europe/Moscow"
    source: str = "till"
    tiers: tuple[TierPlan, ...] = plain_tiers(("bronze", 0, 500))
    settings: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.world() as world:
            plan = ProgrammePlan(name="Story", zone=self.zone, tiers=self.tiers, **self.settings)
            row = remembered_programme(world, plan)
            for name, value in self.columns.items():
                setattr(row, name, value)

    def when(self, at: str | None = None) -> datetime:
        """An instant of the shop's own clock."""
        return datetime.fromisoformat(at or self.at).replace(tzinfo=ZoneInfo(self.zone))

    @contextmanager
    def world(self, at: str | None = None) -> Iterator[World]:
        """A committed transaction at a moment."""
        with Session(self.engine) as session:
            yield World(session, fixed_clock(self.when(at)))
            session.commit()

    def rule(self, code: str, kind: str, params: dict[str, Any], since: str | None = None) -> None:
        """Publish an earn rule."""
        start = self.when(since) if since else datetime(1970, 1, 1, tzinfo=UTC)
        with self.world() as world:
            publish_rule(world, code=code, kind=kind, params=params, valid_from=start)

    def medal(self, code: str, spec: Spec, at: int, points: int = 10) -> None:
        """Publish a medal of one level that goes with what earned it."""
        with self.world() as world:
            levels, goes = [(at, points)], "revoke_if_below"
            publish_medal(world, code=code, spec=spec, levels=levels, position=50, on_reversal=goes)
            touch_definitions(world)

    def join(self, name: str) -> "Person":
        """Somebody joins today, and has no purchase yet."""
        with self.world() as world:
            row = new_member_row(external_id=name, joined_at=world.now, origin="signup", name=name)
            store = Store(world.session.connection())
            store.insert("member", [tuple(row.values())], columns=tuple(row))
            found = store.first("SELECT id FROM member WHERE external_id = ?", name)
            assert found is not None
        return Person(self, found[0], name)

    def receipt(self, kind: str, external_id: str, goods: list[Good], **more: Any) -> Receipt:
        """A receipt at the shop's clock; money is written as people write it."""
        sign = -1 if kind == "return" else 1
        lines = tuple(
            ReceiptLine(sku, category, sign * int(Decimal(q) * 1000), sign * int(Decimal(m) * 100))
            for sku, category, q, m in goods
        )
        total = more.pop("total", None)
        return Receipt(
            type=kind,
            source=more.pop("source", self.source),
            external_id=external_id,
            occurred_at=self.when(more.pop("at", None)),
            zone=self.zone,
            total=sum(x.amount for x in lines) if total is None else sign * int(total) * 100,
            lines=lines,
            **more,
        )

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of a query with `?` marks."""
        with Session(self.engine) as session:
            return [tuple(r) for r in Store(session.connection()).rows(sql, *params)]


@dataclass
class Person:
    """A member of the shop."""

    shop: Shop
    id: int
    name: str

    def tell(self, receipt: Receipt, now: str | None = None) -> Outcome:
        """Post a receipt as a till does."""
        with self.shop.world(now) as world:
            return record_receipt(world, receipt, MemberRef(member_id=self.id))

    def file(self, *receipts: Receipt) -> PageReport:
        """Bring receipts in a file."""
        with self.shop.world() as world:
            return take_page(
                world.session, world.ids, [(self.name, list(receipts))], brought=world.now
            )

    def buy(self, external_id: str, *goods: Good, now: str | None = None, **more: Any) -> Outcome:
        """Buy goods."""
        receipt = self.shop.receipt("purchase", external_id, list(goods), **more)
        return self.tell(receipt, now)

    def spend_money(self, external_id: str, money: str, **more: Any) -> Outcome:
        """Buy for so much money of something."""
        return self.buy(external_id, ("GOODS", None, "1", money), **more)

    def bring_back(
        self,
        external_id: str,
        *goods: Good,
        of: str | None = None,
        now: str | None = None,
        **more: Any,
    ) -> Outcome:
        """Return goods, of a receipt where it is known."""
        receipt = self.shop.receipt("return", external_id, list(goods), names_id=of, **more)
        return self.tell(receipt, now)

    @contextmanager
    def posting(self, at: str | None = None) -> Iterator[Posting]:
        """The ledger at a moment, for postings that no till makes."""
        with self.shop.world(at) as world:
            store = Store(world.session.connection())
            definitions = current_definitions(world.session)
            state, rows = self.state(world.session), Rows()
            now = to_micros(world.now)
            if state.standing is None:
                desk = TierDesk(
                    definitions.programme,
                    definitions.tiers,
                    definitions.tier_measure,
                    state,
                    rows,
                    world.ids,
                    now,
                )
                enrol(desk, state.joined_day)
                open_accounts(rows, self.id)
            yield Posting(definitions.programme, state, rows, world.ids, now, now)
            write_rows(store, rows)

    def state(self, session: Session) -> MemberState:
        """What the engine knows."""
        store, definitions = Store(session.connection()), current_definitions(session)
        row = store.first(
            f"SELECT {MEMBER_COLUMNS} FROM member m"
            " LEFT JOIN standing s ON s.member_id = m.id WHERE m.id = ?",
            self.id,
        )
        assert row is not None
        return state_of(row, definitions, TableSource(store, definitions, self.id))

    def give(self, points: int, since: str, until: str | None, key: str) -> None:
        """Points with a life of their own: from a moment (inclusive) until another (exclusive)."""
        end = None if until is None else to_micros(self.shop.when(until))
        with self.posting() as posting:
            life = (to_micros(self.shop.when(since)), end)
            credit(posting, "opening", f"{self.name}:{key}", points, life=life)

    def pay(self, points: int, key: str) -> None:
        """Spend points, outside any receipt."""
        with self.posting() as posting:
            spend(posting, f"{self.name}:{key}", points)

    def balance(self, at: str | None = None) -> int:
        """Points that can be spent at a moment."""
        now = to_micros(self.shop.when(at))
        rows = self.shop.rows(
            "SELECT COALESCE(SUM(remaining - reserved), 0) FROM lot WHERE member_id = ?"
            " AND available_at <= ? AND (expires_at IS NULL OR expires_at > ?)",
            self.id,
            now,
            now,
        )
        return int(rows[0][0])

    def pending(self, at: str | None = None) -> int:
        """Points on the way at a moment."""
        rows = self.shop.rows(
            "SELECT COALESCE(SUM(remaining), 0) FROM lot WHERE member_id = ? AND available_at > ?",
            self.id,
            to_micros(self.shop.when(at)),
        )
        return int(rows[0][0])

    def tier(self) -> str:
        """The code of the tier that is booked."""
        rows = self.shop.rows(
            "SELECT t.code FROM standing s JOIN tier t ON t.id = s.tier_id WHERE s.member_id = ?",
            self.id,
        )
        return str(rows[0][0]) if rows else "none"

    def medals(self) -> set[str]:
        """Codes of medals held."""
        rows = self.shop.rows(
            "SELECT a.code FROM award w JOIN achievement a ON a.id = w.achievement_id"
            " WHERE w.member_id = ? AND w.status = 'active'",
            self.id,
        )
        return {str(code) for (code,) in rows}
