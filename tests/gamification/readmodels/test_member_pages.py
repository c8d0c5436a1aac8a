"""What a member sees equals the books, adds up, and costs the same however long the past."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from gamification.commands.owner import MedalChoices
from gamification.readmodels.faces import current_faces
from gamification.readmodels.medals import read_shelf
from gamification.readmodels.member import card_of, history_of, home_of, year_of
from gamification.readmodels.operations import Key
from gamification.readmodels.views import HistoryPage, HomeView, OperationRow
from gamification.refusals import UnknownMember
from gamification.store import Store
from tests.counting import statements
from tests.gamification.test_any_order import open_shop, play
from tests.shop import Person, Shop, plain_tiers

TIERS = plain_tiers(("bronze", 0, 500), ("silver", 2_000, 700), ("gold", 10_000, 1_000))


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """Two purchases, a return, a spend, a lapsed gift."""
    shop = Shop(engine, at="2026-05-01 10:00", tiers=TIERS)
    shop.rule("gifts", "exclusion", {"categories": ["gift_cards"]})
    shop.rule("big", "bonus", {"threshold": 300_000, "points": 100})
    anna = shop.join("Анна Соколова")
    anna.give(60, "2026-04-01", "2026-05-20", "short")
    anna.give(300, "2026-04-01", "2026-09-01", "gift")
    anna.buy("r1", ("MUG", "mugs", "2", "2000"), ("CARD", "gift_cards", "1", "500"))
    shop.at = "2026-05-03 10:00"
    anna.buy("r2", ("TEA", "tea", "1", "999.99"), points_paid=50)
    anna.bring_back("b1", ("MUG", "mugs", "1", "1000"), of="r1")
    anna.buy("r3", ("GUM", "sweets", "1", "5"))
    return anna


def look(anna: Person, at: str | None = None) -> HomeView:
    with anna.shop.world(at) as world:
        return home_of(world, anna.id)


def whole_history(anna: Person, limit: int = 3) -> list[OperationRow]:
    rows: list[OperationRow] = []
    after: Key | None = None
    while True:
        with anna.shop.world() as world:
            page = history_of(world, anna.id, after=after, limit=limit)
        rows += [row for day in page.days for row in day.rows]
        if page.after is None:
            return rows
        at, row_id = page.after.split(".")
        after = (int(at), int(row_id))


def test_home_says_what_the_ledger_says(anna: Person) -> None:
    home = look(anna)

    assert (home.balance, home.worth_minor) == (anna.balance(), anna.balance() * 100)
    assert sum(lot.points for lot in home.pending) == anna.pending()
    assert [(lot.points, lot.on) for lot in home.pending] == [
        (50, date(2026, 5, 15)),
        (66, date(2026, 5, 17)),
    ]
    assert home.tier.name.code == "bronze"
    assert home.tier.next is not None
    assert home.tier.next.missing_minor == 200_000 - 100_000 - 94_999 - 500
    assert home.purchases == 2


def test_balance_and_tier_are_facts_of_the_instant(anna: Person) -> None:
    later = look(anna, "2026-05-21 00:00")

    assert later.balance == anna.balance("2026-05-21 00:00")
    assert later.pending == ()


def test_what_burns_within_a_month_stands_with_its_last_day(anna: Person) -> None:
    soon = look(anna, "2026-08-10 10:00").expiring

    assert [(lot.on, lot.days_left) for lot in soon] == [(date(2026, 8, 31), 21)]


def test_the_rows_of_the_history_add_up_to_what_one_has(anna: Person) -> None:
    rows = whole_history(anna)

    held = anna.shop.rows("SELECT SUM(remaining) FROM lot")[0][0]
    assert sum(row.points for row in rows) == held
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert len({row.public_id for row in rows}) == len(rows)


def test_every_row_explains_itself_exactly(anna: Person) -> None:
    for row in whole_history(anna):
        assert row.why
        assert sum((line.points or Decimal(0) for line in row.why), Decimal(0)) == row.points


def test_zeros_and_what_earned_nothing_are_explained(anna: Person) -> None:
    by_receipt = {row.receipt: row for row in whole_history(anna)}

    assert [line.code for line in by_receipt["r3"].why] == [
        "base_rate",
        "threshold_missed",
        "rounding",
        "too_small",
    ]
    assert by_receipt["r1"].why[-1].code == "excluded"
    assert by_receipt["r2"].why[-1].code == "paid_with_points"
    assert by_receipt["b1"].why[0].amount_minor == 100_000


@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        ("earned", {"purchase", "opening"}),
        ("spent", {"spend"}),
        ("pending", {"purchase"}),
        ("expiring", {"opening"}),
        ("returned", {"return"}),
    ],
)
def test_each_filter_shows_its_kinds(anna: Person, chosen: str, kinds: set[str]) -> None:
    with anna.shop.world() as world:
        page: HistoryPage = history_of(world, anna.id, chosen=chosen)  # type: ignore[arg-type]

    assert {row.kind for day in page.days for row in day.rows} == kinds


def medal_rows(anna: Person, at: str | None = None) -> list[tuple[int, str, date | None]]:
    """Points, state and arrival of the medals' rows, newest first."""
    with anna.shop.world(at) as world:
        page = history_of(world, anna.id)
    rows = [row for day in page.days for row in day.rows if row.kind == "medal"]
    return [(row.points, row.state, row.arrives_on) for row in rows]


@pytest.fixture
def explorer(engine: sa.Engine) -> Person:
    """Three categories bring «Explorer», with points on the way."""
    points = {"medal_points": {"explorer": (10, 20, 30, 40)}}
    anna = Shop(engine, at="2026-05-01 10:00", tiers=TIERS, settings=points).join("Анна")
    goods = [(name.upper(), name, "1", "10") for name in ("mugs", "tea", "buns")]
    anna.buy("r1", *goods)
    return anna


def test_points_of_a_medal_that_went_are_no_longer_promised(explorer: Person) -> None:
    promised = medal_rows(explorer)
    explorer.shop.at = "2026-05-03 10:00"
    explorer.bring_back("b1", of="r1", whole=True, total="0")

    assert promised == [(10, "pending", date(2026, 5, 15))]
    assert medal_rows(explorer) == [(-10, "returned", None), (10, "returned", None)]
    home = look(explorer)
    assert sum(lot.points for lot in home.pending) == 0
    assert {row.state for row in home.operations if row.kind == "medal"} == {"returned"}
    assert medal_rows(explorer, "2026-05-02 10:00") == promised


def test_a_medal_earned_again_promises_its_own_points(explorer: Person) -> None:
    goods = [(name.upper(), name, "1", "10") for name in ("mugs", "tea", "buns")]
    explorer.shop.at = "2026-05-03 10:00"
    explorer.bring_back("b1", of="r1", whole=True, total="0")
    explorer.shop.at = "2026-05-04 10:00"
    explorer.buy("r2", *goods)

    assert [row[:2] for row in medal_rows(explorer)] == [
        (10, "pending"), (-10, "returned"), (10, "returned"),
    ]  # fmt: skip


def test_a_medal_that_a_correction_took_was_not_returned(explorer: Person) -> None:
    explorer.shop.at = "2026-05-03 10:00"
    explorer.buy("r2", ("TEA", "tea", "1", "10"), names_id="r1")

    assert [row[1] for row in medal_rows(explorer)] == ["taken", "taken"]


def test_a_thousand_generated_rows_add_up(engine: sa.Engine) -> None:
    shop = open_shop(engine)
    goods = [("A", "coffee", "2", "333.33"), ("B", None, "1", "77.70"), ("C", "tea", "3", "0.50")]
    anna = shop.join("anna")
    story = [("buy", day % 30, day % 24, goods[: day % 3 + 1], None) for day in range(40)]
    story += [("return", which, 1, which % 4 == 0, None) for which in range(15)]

    play(anna, story)

    rows = whole_history(anna, limit=7)
    for row in rows:
        assert sum((line.points or Decimal(0) for line in row.why), Decimal(0)) == row.points
    assert sum(row.points for row in rows) == shop.rows("SELECT SUM(remaining) FROM lot")[0][0]


def test_a_stranger_has_no_pages(anna: Person) -> None:
    with anna.shop.world() as world, pytest.raises(UnknownMember):
        home_of(world, 999)


def test_a_newcomer_sees_the_first_step(engine: sa.Engine) -> None:
    boris = Shop(engine, tiers=TIERS).join("Борис")

    home = look(boris)

    assert home.young
    assert (home.step and home.step.code, home.news.code) == ("first_purchase", "welcome")
    assert [tile.code for tile in home.near_medals] == ["first_purchase"]


def test_secret_medals_are_nowhere_until_they_are_earned(anna: Person) -> None:
    home = look(anna)
    tiles = (*home.new_medals, *home.near_medals)

    assert "welcome_back" not in {tile.code for tile in tiles}
    assert home.medals_all == 19


def test_the_year_counts_every_month(anna: Person) -> None:
    with anna.shop.world() as world:
        scene = year_of(world, anna.id)

    assert len(scene.months) == 12
    assert scene.months[-1].first_day == date(2026, 5, 1)
    assert (scene.months[-1].purchases, scene.purchases) == (3, 3)
    assert scene.balance == anna.balance()


def test_a_member_without_a_card_has_none(anna: Person) -> None:
    with anna.shop.world() as world:
        assert card_of(world, anna.id) is None


def test_home_costs_the_same_for_three_rows_and_for_many(anna: Person) -> None:
    few = statements(anna, lambda world: home_of(world, anna.id), "2026-05-03 10:00")
    for number in range(30):
        anna.buy(f"more{number}", ("TEA", f"kind{number}", "1", "100"))

    many = statements(anna, lambda world: home_of(world, anna.id), "2026-05-03 10:00")

    assert (few, many) == (4, 4)


def test_history_costs_the_same_for_one_row_and_for_a_page(anna: Person) -> None:
    one = statements(anna, lambda world: history_of(world, anna.id, limit=1), "2026-05-03 10:00")

    page = statements(anna, lambda world: history_of(world, anna.id, limit=50), "2026-05-03 10:00")

    assert (one, page) == (4, 4)


@pytest.mark.parametrize("chosen", [(), ("coffee",)])
def test_the_eleventh_carries_the_goods_that_its_rule_counts(
    engine: sa.Engine, chosen: tuple[str, ...]
) -> None:
    plan = {"medals": MedalChoices(eleventh_categories=chosen)}
    anna = Shop(engine, at="2026-05-01 10:00", tiers=TIERS, settings=plan).join("Анна")
    for n in range(10):
        anna.buy(f"r{n}", ("CAP", "coffee", "1", "200"))

    with anna.shop.world() as world:
        store = Store(world.connection)
        shelf = read_shelf(store, current_faces(world.session), anna.id, world.now)

    tiles = {tile.code: tile.categories for tile in shelf.earned}
    assert tiles["eleventh_on_us"] == chosen
    assert tiles["first_purchase"] == ()
