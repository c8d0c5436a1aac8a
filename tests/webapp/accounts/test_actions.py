"""Accounts are opened once, and what is old is forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamification.commands.member import join_member
from gamification.world import World, fixed_clock
from webapp.accounts.actions import (
    add_staff,
    ensure_member_account,
    forget_old,
    start_session,
)
from webapp.accounts.codes import Contact, ask_code
from webapp.accounts.queries import visitor_of
from webapp.accounts.refusals import AccountExists
from webapp.world import Worlds

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def worlds(engine: sa.Engine) -> Worlds:
    return Worlds(engine, fixed_clock(NOON))


def test_one_e_mail_is_one_account(worlds: Worlds) -> None:
    with worlds.open() as world:
        add_staff(world, role="cashier", email="ira@example.org")

    with pytest.raises(AccountExists), worlds.open() as world:
        add_staff(world, role="owner", email="ira@example.org")


def test_two_first_sign_ins_at_once_open_one_account(worlds: Worlds) -> None:
    with worlds.open() as world:
        member_id = join_member(world, name="Анна", phone="+79123456789").id or 0
    ids: list[int | None] = []

    def open_it(world: World) -> None:
        ids.append(ensure_member_account(world, member_id, locale="ru").id)

    threads = [threading.Thread(target=lambda: worlds.run(open_it)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(ids[-6:])) == 1


def test_a_session_opens_only_with_its_whole_secret(worlds: Worlds) -> None:
    with worlds.open() as world:
        secret = start_session(
            world, add_staff(world, role="owner", email="i@example.org"), agent="x", address="::1"
        )

    with worlds.open(readonly=True) as world:
        found = visitor_of(world, secret)
        assert found is not None
        assert secret not in repr(found)
        assert visitor_of(world, secret[:-1]) is None
        assert visitor_of(world, "") is None


def test_codes_and_sessions_that_nobody_can_use_are_forgotten(
    engine: sa.Engine, worlds: Worlds
) -> None:
    with worlds.open() as world:
        start_session(
            world, add_staff(world, role="owner", email="i@example.org"), agent="x", address="::1"
        )
        ask_code(world, Contact("phone", "+79123456789"), key="k", locale="ru")
    later = Worlds(engine, fixed_clock(NOON + timedelta(days=31)))

    assert worlds.run(forget_old) == 0
    assert later.run(forget_old) == 2
