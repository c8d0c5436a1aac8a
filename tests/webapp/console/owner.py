"""The owner's browser, and a shop where something already happened, for tests of the console."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gamification.commands.till import MemberRef, Outcome, Receipt, ReceiptLine, record_receipt
from gamification.programme import ProgrammeRow
from gamification.store import Store
from gamification.world import World
from tests.webapp.shopfront import Browser, Shop
from webapp.intake.runner import Runner
from webapp.intake.tables import ImportRun
from webapp.surroundings import here

KASSA = """Номер чека;Дата;Карта клиента;Товар;Кол-во;Цена;Сумма
А-1;01.10.2026 10:15;anna;Латте;2;180,00;360,00
А-2;13.10.2026 11:00;boris;Круассан;1;150,50;150,50
А-3;14.10.2026 12:00;anna;Раф;1;1000;1000
В-1;15.10.2026 12:00;anna;Латте;-1;180,00;-180,00
"""
PEOPLE = """Код клиента;Имя;Телефон;Карта;Баллы
anna;Анна Седова;+7 912 345-67-89;7700-1;50
clara;Клара;+7 912 345-67-90;7700-2;0
"""


def english(browser: Browser, path: str) -> TestResponse:
    return browser.get(path, headers={"Accept-Language": "en"})


def upload(
    browser: Browser, page: str, files: dict[str, tuple[bytes | str, str]], **fields: str
) -> TestResponse:
    """Fill a form with files in: contents and name by field."""
    sent = {
        name: (io.BytesIO(body.encode() if isinstance(body, str) else body), called)
        for name, (body, called) in files.items()
    }
    values: dict[str, Any] = {"csrf_token": browser.token(page), **fields, **sent}
    return browser.client.post(page, data=values, content_type="multipart/form-data")


def programme(shop: Shop) -> ProgrammeRow | None:
    with shop.worlds.open(readonly=True) as world:
        return world.session.get(ProgrammeRow, 1)


def run_row(shop: Shop, run_id: int = 1) -> ImportRun:
    with shop.worlds.open(readonly=True) as world:
        return world.session.get_one(ImportRun, run_id)


def work(shop: Shop) -> bool:
    """Let the runner do one thing."""
    return Runner(shop.app).once()


def imports(shop: Shop) -> Path:
    return here(shop.app).settings.data / "imports"


def tell(
    world: World, member_id: int, receipt_id: str, *, days: int, total: int = 54_000
) -> Outcome:
    """A till's receipt, so many days ago."""
    line = ReceiptLine("Латте", "Кофе", 2_000, total)
    receipt = Receipt(
        type="purchase", source="till-1", external_id=receipt_id,
        occurred_at=world.now - timedelta(days=days), zone="Europe/Moscow", total=total,
        lines=(line,), store="Центр",
    )  # fmt: skip
    return record_receipt(world, receipt, MemberRef(member_id=member_id))


def waiting(shop: Shop, member_id: int, receipt_id: str = "L-1", *, days: int = 40) -> int:
    """A receipt that waits for a decision; its number."""
    with shop.worlds.open() as world:
        return tell(world, member_id, receipt_id, days=days).activity_id


def state_of(shop: Shop, activity_id: int) -> str:
    with shop.worlds.open(readonly=True) as world:
        row = Store(world.session.connection()).first(
            "SELECT state FROM activity WHERE id = ?", activity_id
        )
    assert row is not None
    return str(row[0])


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database inside, by every way there is."""
    import sqlalchemy as sa

    seen: list[str] = []
    execute = Store._execute

    def by_store(self: Store, sql: str, params: Any) -> None:
        seen.append(sql)
        execute(self, sql, params)

    def by_alchemy(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", by_alchemy)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Store, "_execute", by_store)
            yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", by_alchemy)
