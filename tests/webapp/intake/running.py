"""Run imports in a test and look at what they left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from gamification.definitions import current_definitions
from gamification.readmodels.report import last_document_day, member_report
from gamification.store import Store
from webapp.cli.report import plain
from webapp.intake.profile import Profile, load_profile, parse_profile
from webapp.intake.purchases import Outcome, run_import
from webapp.intake.staging import Reject, Staging
from webapp.world import Worlds

SALES = """
name = "Shop"
source = "shop"
currency = "RUB"
zone = "Europe/Moscow"
[columns]
document = "doc"
customer = "who"
at = "at"
sku = "sku"
quantity = "n"
price = "price"
[kinds]
return_prefix = "R"
adjustment_prefix = "A"
"""
HEADER = "doc,who,at,sku,n,price\n"


def shop_profile(**parts: str) -> Profile:
    """The profile of the small files that tests write, with more lines in its tables."""
    text = parts.pop("top", "") + SALES
    for name, lines in parts.items():
        head = f"[{name}]\n"
        text = text.replace(head, head + lines + "\n") if head in text else f"{text}{head}{lines}\n"
    return parse_profile(text, "test")


@dataclass
class Intake:
    """Imports into one database."""

    worlds: Worlds
    rejects: tuple[Reject, ...] = ()

    def purchases(
        self, files: Path | Sequence[Path], profile: Profile | str | None = None, **more: Any
    ) -> Outcome:
        """Run an import and keep its rejects."""
        paths = [files] if isinstance(files, Path) else files
        if not isinstance(profile, Profile):
            profile = load_profile(profile) if profile else shop_profile()
        with Staging() as staging:
            outcome = run_import(self.worlds, paths, profile, staging, **more)
            self.rejects = tuple(staging.rejects())
        return outcome

    def codes(self) -> list[tuple[int, str]]:
        """Line and code of every reject."""
        return [(reject.line, reject.code) for reject in self.rejects]

    def report(self, as_of: date | None = None) -> dict[str, dict[str, Any]]:
        """The member report by external id, as the command prints it."""
        with self.worlds.open(readonly=True) as world:
            currency = current_definitions(world.session).programme.currency
            day = as_of or last_document_day(world)
            assert day is not None, "a report of something"
            rows = [plain(row, currency) for row in member_report(world, day)]
        return {row.pop("external_id"): row for row in rows}

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of a query with `?` marks."""
        with self.worlds.open(readonly=True) as world:
            return [tuple(row) for row in Store(world.session.connection()).rows(sql, *params)]


Table = list[tuple[Any, ...]]


def all_rows(
    engine: sa.Engine,
    *,
    tables: frozenset[str] = frozenset(),
    columns: frozenset[str] = frozenset(),
) -> dict[str, Table]:
    """Every row of every table, ids that the machine drew replaced by what they stand for.

    Two databases answer alike when they say the same of the same people and receipts.

    Args:
        tables, columns: which are left out.
    """
    with engine.connect() as connection:
        found = {
            table.name: [dict(row._mapping) for row in connection.execute(sa.select(table))]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in tables
        }
    names = _names(found)
    return {
        name: sorted((_shown(name, row, names, columns) for row in rows), key=repr)
        for name, rows in found.items()
    }


DRAWN = {"public_id", "voided_by", "body_hash", "leaf_seed"}
"""Ids and a seed of the machine, and the hash that is taken over one of them."""

POINTS_AT = {
    "member_id": "member",
    "activity_id": "activity",
    "purchase_id": "activity",
    "return_id": "activity",
    "transfer_id": "transfer",
    "reverses_id": "transfer",
    "lot_id": "lot",
    "award_id": "award",
    "debit_account_id": "ledger_account",
    "credit_account_id": "ledger_account",
}


def _names(tables: dict[str, list[dict[str, Any]]]) -> dict[tuple[str, Any], str]:
    """What each drawn id stands for, in words that are the same in every run."""
    found: dict[tuple[str, Any], str] = {}
    for row in tables["member"]:
        found["member", row["id"]] = str(row["external_id"])
    for row in tables["activity"]:
        found["activity", row["id"]] = f"{row['source']}:{row['external_id']}"
    for row in tables["ledger_account"]:
        owner = found.get(("member", row["member_id"]), "")
        found["ledger_account", row["id"]] = f"{row['kind']}:{owner}"
    for row in tables["award"]:
        owner = found["member", row["member_id"]]
        key = (owner, row["achievement_id"], row["level"], row["occurrence"])
        found["award", row["id"]] = ":".join(map(str, key))
    for row in tables["transfer"]:
        found["transfer", row["id"]] = _transfer_name(row, found)
    for row in tables["lot"]:
        found["lot", row["id"]] = found["transfer", row["transfer_id"]]
    return found


def _transfer_name(row: dict[str, Any], found: dict[tuple[str, Any], str]) -> str:
    act = found.get(("activity", row["activity_id"]), "")
    owner = found["member", row["member_id"]]
    return f"{owner}:{row['kind']}:{act}:{row['occurred_at']}:{row['points']}"


def _shown(
    table: str, row: dict[str, Any], names: dict[tuple[str, Any], str], columns: frozenset[str]
) -> tuple[Any, ...]:
    shown = []
    for column, value in row.items():
        if column in columns:
            continue
        if column == "id" or column in DRAWN:
            value = names.get((table, value), "") if column == "id" else value is not None
        elif column == "key" and table in ("transfer", "point_grant"):
            continue
        elif column == "cause_id":
            value = names.get(("activity", value)) or names.get(("award", value))
        elif column in POINTS_AT:
            value = names.get((POINTS_AT[column], value))
        shown.append((column, value))
    return tuple(shown)


def differences(found: dict[str, Table], wanted: dict[str, Table]) -> dict[str, Any]:
    """The first rows of each table that only one of the two has; empty when they are alike."""
    told: dict[str, Any] = {}
    for table in wanted:
        if found[table] != wanted[table]:
            here, there = set(map(repr, found[table])), set(map(repr, wanted[table]))
            told[table] = (sorted(here - there)[:2], sorted(there - here)[:2])
    return told
