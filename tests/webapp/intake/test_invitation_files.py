"""Rules against cheating with invitations see receipts of files as they see those of tills."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.world import fixed_clock
from tests.inviting import bind, come, fired, let_clock_work, offer, state_of
from tests.odd_invitations import BOUGHT, LATER, STAFF, buy, invite
from tests.shop import Person, Shop
from tests.webapp.intake.running import HEADER, Intake, all_rows, shop_profile
from webapp.world import Worlds

Write = Callable[[str, str], Path]
HEAD = HEADER.strip() + ",by,token\n"
TELLING = 'operator = "by"\npayment = "token"'
BROUGHT = "2026-03-05 02:00"
DOORS = ("file", "till")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2026-03-02 12:00", tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


@pytest.fixture
def bring(shop: Shop, written: Write) -> Callable[..., Intake]:
    """Bring a file with rows, in the night after the purchases."""

    def take(rows: Iterable[str], *, at: str = BROUGHT, profile: str = TELLING) -> Intake:
        clock = fixed_clock(shop.when(at))
        intake = Intake(Worlds(shop.engine, clock))
        path = written("night.csv", HEAD + "".join(rows))
        intake.purchases(path, shop_profile(columns=profile))
        return intake

    return take


def known_to_files(shop: Shop) -> None:
    """The shop's own system calls everybody by their name."""
    with shop.engine.begin() as connection:
        connection.execute(sa.text("UPDATE member SET external_id = name"))


def row(who: Person, money: str = "900", at: str = BOUGHT, by: str = "", token: str = "") -> str:
    return f"{who.name}:{at},{who.name},{at},GOODS,1,{money},{by},{token}\n"


def couple(shop: Shop, *, also: str = "") -> tuple[Person, Person]:
    """Ana and the friend whom she invited."""
    ana = come(shop, "ana", email="ana@mail.ru")
    boris = come(shop, "boris", email="ana+1@mail.ru" if also else "boris@mail.ru")
    bind(ana, boris)
    known_to_files(shop)
    return ana, boris


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return run_audit(world, full=True).is_clean


@pytest.mark.parametrize("friends_by", DOORS)
@pytest.mark.parametrize("referrers_by", DOORS)
def test_a_friend_who_paid_with_the_referrers_token_waits_for_a_person(
    shop: Shop, bring: Callable[..., Intake], referrers_by: str, friends_by: str
) -> None:
    ana, boris = couple(shop)
    for who, money, door in ((ana, "300", referrers_by), (boris, "900", friends_by)):
        if door == "file":
            bring([row(who, money, token="fp_1")])
        else:
            buy(who, money, payment="fp_1")

    let_clock_work(shop, BROUGHT)
    let_clock_work(shop, LATER)

    assert fired(boris) == {"same_person": "hold"}
    assert state_of(boris)[0] == "in_review"
    assert is_clean(shop, LATER)


@pytest.mark.parametrize(
    ("also", "tokens", "found", "state"),
    [
        ("email", ("fp_1", "fp_1"), {"same_person": "block"}, "blocked"),
        ("", ("fp_a", "fp_A"), {}, "rewarded"),
        ("", ("", ""), {}, "rewarded"),
    ],
)
def test_in_a_file_too_tokens_are_compared_as_tills_do(
    shop: Shop,
    bring: Callable[..., Intake],
    also: str,
    tokens: tuple[str, str],
    found: dict[str, str],
    state: str,
) -> None:
    ana, boris = couple(shop, also=also)

    bring([row(ana, "300", token=tokens[0]), row(boris, token=tokens[1])])
    let_clock_work(shop, BROUGHT)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)[0]) == (found, state)


@pytest.mark.parametrize("column", ["by", ""])
def test_a_cashiers_pattern_counts_receipts_of_files_and_tills_together(
    shop: Shop, bring: Callable[..., Intake], column: str
) -> None:
    friends = []
    for n in range(6):
        friends += invite(come(shop, f"host{n}", email=f"host{n}@mail.ru"), f"guest{n}")
    known_to_files(shop)

    buy(friends[0], operator="olga")
    profile = f'operator = "{column}"' if column else ""
    bring((row(friend, by=" olga ") for friend in friends[1:]), profile=profile)
    let_clock_work(shop, BROUGHT)
    let_clock_work(shop, LATER)

    seen = {"cashier_pattern": "hold"} if column else {}
    assert [fired(friend) for friend in friends] == [seen] * 6


def test_one_of_the_shops_people_who_rang_the_purchase_up_is_told_by_a_file(
    shop: Shop, bring: Callable[..., Intake]
) -> None:
    friends = invite(come(shop, "olga", email="boss@googlemail.com"), "boris")
    known_to_files(shop)

    bring([row(friends[0], by="Olga")])
    let_clock_work(shop, BROUGHT, STAFF)
    let_clock_work(shop, LATER, STAFF)

    ((rule, evidence),) = shop.rows("SELECT rule, evidence FROM referral_signal")
    assert (rule, "Olga" in str(evidence)) == ("staff_referrer", True)


def test_a_file_that_comes_again_changes_nothing_whatever_it_adds(
    shop: Shop, bring: Callable[..., Intake]
) -> None:
    ana, boris = couple(shop)
    bring([row(ana, "300", by="Ira", token="fp_1"), row(boris)])
    before = all_rows(shop.engine)

    same = bring([row(ana, "300", by="Ira", token="fp_1"), row(boris)], at="2026-03-06 02:00")
    bring([row(ana, "300", by="Olga", token="fp_2"), row(boris, token="fp_1")])
    bring([row(ana, "300"), row(boris)], profile="")

    assert same.rejects == ()
    assert all_rows(shop.engine) == before
    let_clock_work(shop, BROUGHT)
    let_clock_work(shop, LATER)
    assert (fired(boris), state_of(boris)[0]) == ({}, "rewarded")


def test_two_receipts_of_one_file_and_one_of_another_leave_one_trace(
    shop: Shop, bring: Callable[..., Intake]
) -> None:
    ana, _ = couple(shop)

    bring([row(ana, at=f"2026-03-0{day} 12:00", token="fp_1") for day in (3, 4)])
    bring([row(ana, at="2026-03-02 12:00", token="fp_1")])

    kept = shop.rows("SELECT member_id, seen_at FROM member_trace WHERE kind = 'payment'")
    assert kept == [(ana.id, int(shop.when("2026-03-04 12:00").timestamp() * 1_000_000))]
