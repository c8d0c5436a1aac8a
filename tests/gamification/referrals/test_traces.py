"""Traces: spellings of one thing meet, keys change, and what passed is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamification.commands.suspicions import note_trace, purge_traces
from gamification.referrals.traces import mailbox_of, note_traces, trace_hash
from gamification.store import Store
from tests.shop import Person, Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-10 12:00", tiers=())


def shared(shop: Shop, kind: str) -> int:
    """How many hashes of a kind two members have in common."""
    sql = "SELECT hash FROM member_trace WHERE kind = ? GROUP BY hash HAVING COUNT(*) > 1"
    return len(shop.rows(sql, kind))


def note(person: Person, kind: str, value: str, at: str | None = None) -> None:
    with person.shop.world(at) as world:
        note_trace(world, person.id, kind, value)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Anna.B+cafe@GoogleMail.com", "annab@gmail.com"),
        ("anna.b@gmail.com", "annab@gmail.com"),
        ("anna+1@mail.ru", "anna@mail.ru"),
        ("anna.b@mail.ru", "anna.b@mail.ru"),
        ("Anna.B@ya.ru", "anna-b@yandex.ru"),
        ("anna-b@yandex.com", "anna-b@yandex.ru"),
    ],
)
def test_spellings_of_one_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+7 912 345-67-89", "8 (912) 345 67 89"),
        ("email", "an.na@gmail.com", "ANNA+shop@googlemail.com"),
        ("card", " ab12 ", "AB12"),
    ],
)
def test_two_spellings_leave_one_trace(shop: Shop, kind: str, one: str, other: str) -> None:
    anna, boris, vera = (shop.join(name) for name in ("anna", "boris", "vera"))

    note(anna, kind, one)
    note(boris, kind, other)
    note(vera, kind, "+7 912 345-67-80" if kind == "phone" else f"other{one}")

    assert shared(shop, kind) == 1
    assert shop.rows("SELECT COUNT(*) FROM member_trace") == [(3,)]


def test_nothing_of_a_value_is_kept_and_each_programme_has_its_own_key(shop: Shop) -> None:
    anna = shop.join("anna")
    note(anna, "phone", "+79123456789")

    (found,) = shop.rows("SELECT kind, hash FROM member_trace")
    (secret,) = shop.rows("SELECT secret FROM trace_key")[0]

    assert found == ("phone", trace_hash("phone", "+79123456789", secret))
    assert trace_hash("phone", "+79123456789", "00" * 32) != found[1]


def test_what_lasts_keeps_its_first_sight_and_what_passes_its_latest(shop: Shop) -> None:
    anna = shop.join("anna")
    for day in ("2026-03-10 12:00", "2026-03-11 12:00"):
        note(anna, "phone", "+79123456789", day)
        note(anna, "device", "browser-1", day)

    seen = dict(shop.rows("SELECT DISTINCT kind, seen_at FROM member_trace"))

    micros = {at: int(shop.when(at).timestamp() * 1_000_000) for at in
              ("2026-03-10 12:00", "2026-03-11 12:00")}  # fmt: skip
    assert seen == {"phone": micros["2026-03-10 12:00"], "device": micros["2026-03-11 12:00"]}


def test_one_browser_meets_itself_over_a_change_of_keys_and_not_much_later(shop: Shop) -> None:
    people = [shop.join(name) for name in ("anna", "boris", "vera")]

    for person, day in zip(people, ("2026-03-10", "2026-04-05", "2026-07-01"), strict=True):
        note(person, "device", "browser-1", f"{day} 12:00")

    assert shared(shop, "device") >= 1
    owners = shop.rows(
        "SELECT DISTINCT member_id FROM member_trace WHERE hash IN (SELECT hash FROM"
        " member_trace GROUP BY hash HAVING COUNT(*) > 1) ORDER BY member_id"
    )
    assert owners == [(people[0].id,), (people[1].id,)]


def test_after_sixty_days_browsers_networks_and_their_keys_are_gone(shop: Shop) -> None:
    anna = shop.join("anna")
    for kind, value in (("phone", "+79123456789"), ("device", "b"), ("network", "192.0.2.0")):
        note(anna, kind, value)
    before = shop.rows("SELECT epoch FROM trace_key WHERE epoch > 0")

    with shop.world("2026-05-09 11:00") as world:
        assert purge_traces(world) == 0
    with shop.world("2026-06-20 13:00") as world:
        assert purge_traces(world) == 4, "each was kept by two keys"

    assert shop.rows("SELECT kind FROM member_trace") == [("phone",)]
    left = shop.rows("SELECT epoch FROM trace_key WHERE epoch > 0")
    assert not set(before) & set(left)
    assert shop.rows("SELECT epoch FROM trace_key WHERE epoch = 0") == [(0,)]


def test_a_payment_is_forgotten_half_a_year_after_it_was_seen_last(shop: Shop) -> None:
    anna = shop.join("anna")
    for day in ("2026-03-10 12:00", "2026-04-10 12:00"):
        note(anna, "payment", "fp_1", day)
    note(anna, "card", "C-1")

    with shop.world("2026-10-07 11:59") as world:
        assert purge_traces(world) == 0
    with shop.world("2026-10-07 12:01") as world:
        assert purge_traces(world) == 1

    assert shop.rows("SELECT kind FROM member_trace") == [("card",)]


def test_a_thousand_traces_cost_as_many_statements_as_one(shop: Shop) -> None:
    anna = shop.join("anna")
    when = datetime(2026, 3, 10, tzinfo=UTC)
    with shop.world() as world:
        store = Store(world.connection)
        calls: list[str] = []
        run = store._execute
        many = store._many
        store._execute = lambda sql, params: (calls.append(sql), run(sql, params))[1]  # type: ignore[method-assign]
        store._many = lambda sql, rows: (calls.append(sql), many(sql, rows))[1]  # type: ignore[method-assign]
        note_traces(store, when, [(anna.id, "card", "x")])
        calls.clear()

        note_traces(
            store, when + timedelta(days=1), [(anna.id, "card", str(n)) for n in range(999)]
        )

    assert len(calls) <= 2
    assert shop.rows("SELECT COUNT(*) FROM member_trace") == [(1_000,)]
