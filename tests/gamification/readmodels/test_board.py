"""The board and a medal's page tell what the counters tell, and nothing of a secret."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from gamification.achievements.rarity import band_of, share_of
from gamification.commands.clockwork import count_rarity
from gamification.commands.medals import pin_medal, see_medal
from gamification.readmodels.board import Board, BoardMedal, MedalLevel, board_of
from gamification.readmodels.faces import current_faces
from gamification.readmodels.medal_page import MedalPage, medal_of
from gamification.readmodels.medals import read_shelf
from gamification.readmodels.member import home_of
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World
from tests.counting import statements
from tests.shop import Person, Shop, plain_tiers
from webapp.cabinet.shelves import among, nearest

TIERS = plain_tiers(("bronze", 0, 500))
POINTS = {"explorer": (10, 20, 30, 40), "first_purchase": (5,)}


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """Three purchases of four categories in two weeks."""
    shop = Shop(engine, at="2026-05-04 10:00", tiers=TIERS, settings={"medal_points": POINTS})
    anna = shop.join("Анна Соколова")
    anna.buy("r1", ("MUG", "mugs", "2", "2000"), ("TEA", "tea", "1", "100"))
    shop.at = "2026-05-05 07:30"
    anna.buy("r2", ("TEA", "tea", "1", "300"), ("BUN", "buns", "1", "50"))
    shop.at = "2026-05-12 10:00"
    anna.buy("r3", ("CUP", "cups", "1", "400"))
    return anna


def board(anna: Person, at: str | None = None) -> Board:
    with anna.shop.world(at) as world:
        return board_of(world, anna.id)


def medal(anna: Person, code: str, at: str | None = None) -> BoardMedal:
    return next(each for each in board(anna, at).medals if each.tile.code == code)


def medal_page(anna: Person, code: str, subject: str | None = None) -> MedalPage:
    with anna.shop.world() as world:
        page = medal_of(world, anna.id, code, subject)
    assert page is not None
    return page


def test_every_medal_that_is_no_secret_stands_on_the_board(anna: Person) -> None:
    seen = board(anna)

    assert "welcome_back" not in {each.tile.code for each in seen.medals}
    assert (len(seen.medals), seen.secrets) == (19, 1)
    assert {each.tile.code for each in seen.medals if each.held} == anna.medals()
    assert seen.held == len(anna.medals())


def test_levels_carry_thresholds_points_and_dates(anna: Person) -> None:
    explorer = medal(anna, "explorer")

    assert explorer.levels == (
        MedalLevel(1, 3, 10, date(2026, 5, 5)),
        MedalLevel(2, 7, 20),
        MedalLevel(3, 12, 30),
        MedalLevel(4, 20, 40),
    )
    assert (explorer.tile.state, explorer.tile.level) == ("earned", 1)
    assert explorer.goal is not None
    assert (explorer.goal.level, explorer.done, explorer.missing) == (2, 4, 3)


def test_the_top_has_no_goal(anna: Person) -> None:
    first = medal(anna, "first_purchase")

    assert (first.goal, first.missing, first.tile.earned_on) == (None, 0, date(2026, 5, 4))


def test_a_broken_run_begins_anew_and_says_so(anna: Person) -> None:
    now, later = medal(anna, "weekly_rhythm"), medal(anna, "weekly_rhythm", "2026-08-20 10:00")

    assert (now.done, now.run, now.missing) == (2, 2, 2)
    assert (later.done, later.run, later.missing) == (2, 0, 4)


def test_a_teaser_keeps_its_rule_until_it_is_earned(anna: Person) -> None:
    before = medal(anna, "night_owl")
    anna.shop.at = "2026-05-12 23:10"
    anna.buy("night", ("TEA", "tea", "1", "100"))

    after = medal(anna, "night_owl")

    assert (before.tile.veiled, before.held) == (True, False)
    assert (after.tile.veiled, after.held) == (False, True)
    assert after.goal is not None
    assert not after.goal.veiled


def test_what_counted_are_the_latest_that_the_measure_counts(anna: Person) -> None:
    bird = medal_page(anna, "early_bird").counted
    explorer = medal_page(anna, "explorer").counted
    saver = medal_page(anna, "saver").counted

    assert [one.at.strftime("%d %H:%M") for one in bird] == ["05 07:30"]
    assert [(one.at.day, one.brought) for one in explorer] == [
        (12, "cups"), (5, "buns"), (5, "tea"), (4, "mugs"),
    ]  # fmt: skip
    assert [one.added for one in saver] == [20, 17, 105]
    assert saver[0].amount_minor == 40_000


def test_a_run_names_one_activity_of_each_week(anna: Person) -> None:
    counted = medal_page(anna, "weekly_rhythm").counted

    assert [one.at.day for one in counted] == [12, 5]


def test_every_medal_has_a_page_and_an_unknown_or_secret_one_has_none(anna: Person) -> None:
    for each in board(anna).medals:
        assert medal_page(anna, each.tile.code).medal.tile.code == each.tile.code
    with anna.shop.world() as world:
        assert medal_of(world, anna.id, "welcome_back") is None
        assert medal_of(world, anna.id, "no_such") is None
        assert medal_of(world, anna.id, "connoisseur", "no such category") is None


def test_a_secret_one_is_told_to_who_found_it(anna: Person) -> None:
    anna.shop.at = "2026-09-12 10:00"
    anna.buy("back", ("TEA", "tea", "1", "100"))

    found = medal_page(anna, "welcome_back")

    assert board(anna).secrets == 0
    assert [one.at.day for one in found.counted] == [12]
    assert found.earned_by == found.counted[0].row


def test_a_category_is_looked_at_alone(anna: Person) -> None:
    for n in range(4):
        anna.buy(f"t{n}", ("TEA", "tea", "1", "100"))

    best, buns = medal_page(anna, "connoisseur"), medal_page(anna, "connoisseur", "buns")

    assert [s.named.code for s in best.subjects] == ["tea", "buns", "cups", "mugs"]
    assert (best.medal.held, best.medal.done, len(best.counted), best.more) == (True, 6, 6, False)
    assert (buns.medal.held, buns.medal.done, len(buns.counted)) == (False, 1, 1)


def test_a_return_that_takes_a_medal_back_is_told(anna: Person) -> None:
    anna.shop.at = "2026-05-13 10:00"
    anna.bring_back("b1", ("MUG", "mugs", "2", "2000"), ("TEA", "tea", "1", "100"), of="r1")
    anna.bring_back("b2", ("TEA", "tea", "1", "300"), ("BUN", "buns", "1", "50"), of="r2")

    lost = medal_page(anna, "explorer")

    assert not lost.medal.held
    assert lost.taken is not None
    assert (lost.taken.level, lost.taken.on) == (1, date(2026, 5, 13))
    assert lost.taken.row in {
        f"{at}.{i}" for at, i in anna.shop.rows("SELECT occurred_at, id FROM activity")
    }
    assert medal_page(anna, "regular").taken is None


def test_a_medal_earned_again_is_no_longer_taken_back(anna: Person) -> None:
    goods = (("MUG", "mugs", "2", "2000"), ("TEA", "tea", "1", "100"))
    anna.bring_back("b1", *goods, of="r1")
    anna.bring_back("b3", ("CUP", "cups", "1", "400"), of="r3")
    lost = medal_page(anna, "explorer").taken
    anna.buy("r9", *goods)

    assert lost is not None
    assert medal_page(anna, "explorer").taken is None


def test_pinned_medals_come_first_on_home_and_undo_leaves_no_trace(anna: Person) -> None:
    with anna.shop.world() as world:
        codes = [tile.code for tile in home_of(world, anna.id).near_medals]
        assert pin_medal(world, member_id=anna.id, code="full_basket", pinned=True)
        assert pin_medal(world, member_id=anna.id, code="full_basket", pinned=True)

    with anna.shop.world() as world:
        pinned = [tile.code for tile in home_of(world, anna.id).near_medals]
    assert "full_basket" not in codes
    assert pinned[0] == "full_basket"
    assert medal(anna, "full_basket").pinned_at is not None

    with anna.shop.world() as world:
        assert pin_medal(world, member_id=anna.id, code="full_basket", pinned=False)
    with anna.shop.world() as world:
        assert [tile.code for tile in home_of(world, anna.id).near_medals] == codes
    assert anna.shop.rows("SELECT * FROM medal_pin") == []


def test_home_and_the_board_name_the_same_as_near(anna: Person) -> None:
    for n in range(6):
        anna.buy(f"t{n}", ("TEA", "tea", "1", "100"))
    for n in range(3):
        anna.buy(f"b{n}", ("BUN", "buns", "1", "50"), ("CUP", "cups", "1", "50"))

    with anna.shop.world() as world:
        home = home_of(world, anna.id).near_medals
        shelf = read_shelf(
            Store(world.connection), current_faces(world.session), anna.id, world.now
        )
    near = nearest(board(anna))

    begun = [tile for tile in shelf.near if tile.done]
    subjects = [m.goal.subject.code for m in near if m.goal is not None and m.goal.subject]
    assert [medal.goal for medal in near] == begun
    assert [medal.goal for medal in near[:2]] == list(home)
    assert subjects == ["buns", "cups", "tea", "mugs"]
    assert [(m.tile.code, m.tile.subject) for m in among(board(anna), "near")].count(
        ("connoisseur", Named("buns"))
    ) == 1


def test_what_one_may_not_know_cannot_be_pinned(anna: Person) -> None:
    with anna.shop.world() as world:
        assert not pin_medal(world, member_id=anna.id, code="welcome_back", pinned=True)
        assert not pin_medal(world, member_id=anna.id, code="no_such", pinned=True)

    assert anna.shop.rows("SELECT * FROM medal_pin") == []


def test_a_medal_is_new_until_it_is_looked_at(anna: Person) -> None:
    before = medal(anna, "explorer").tile.fresh
    with anna.shop.world() as world:
        seen = see_medal(world, member_id=anna.id, code="explorer")

    assert (before, seen, medal(anna, "explorer").tile.fresh) == (True, 1, False)
    assert medal(anna, "first_purchase").tile.fresh


@pytest.mark.parametrize(
    ("share", "band"),
    [(10_000, "common"), (4_001, "common"), (4_000, "uncommon"), (1_000, "uncommon"),
     (999, "rare"), (300, "rare"), (299, "legendary"), (0, "legendary")],
)  # fmt: skip
def test_rarity_has_four_words(share: int, band: str) -> None:
    assert band_of(share) == band


def test_rarity_is_told_when_enough_members_could_hold_it() -> None:
    assert (share_of(12, 199), share_of(12, 200), share_of(0, 200)) == (None, 600, 0)


def test_the_night_counts_holders_among_the_active(anna: Person) -> None:
    boris = anna.shop.join("Борис")
    boris.buy("b", ("TEA", "tea", "1", "10"))
    sleeper = anna.shop.join("Соня")
    sleeper.buy("s", ("TEA", "tea", "1", "10"), at="2025-05-01 10:00", now="2025-05-01 10:00")

    with anna.shop.world("2026-05-14 02:30") as world:
        assert count_rarity(world) == 0  # too new
    with anna.shop.world("2026-07-14 02:30") as world:
        counted = count_rarity(world)

    found = anna.shop.rows(
        "SELECT a.code, r.level, r.holders, r.eligible FROM medal_rarity r"
        " JOIN achievement a ON a.id = r.achievement_id"
    )
    rows = {(code, level): (holders, eligible) for code, level, holders, eligible in found}
    assert counted == len(rows) > 40
    assert rows["first_purchase", 1] == (2, 2)
    assert rows["explorer", 1] == (1, 2)
    assert rows["explorer", 2] == (0, 2)


def test_rarity_stands_on_the_board_when_it_is_known(anna: Person) -> None:
    assert medal(anna, "explorer").rarity is None

    with anna.shop.world("2026-07-14 02:30") as world:
        count_rarity(world)
        world.connection.exec_driver_sql("UPDATE medal_rarity SET holders = 1, eligible = 250")

    assert medal(anna, "explorer").rarity == ("legendary", 40)


@pytest.mark.parametrize(
    ("read", "cost"),
    [
        (board_of, 3),
        (lambda world, who: medal_of(world, who, "explorer"), 6),
    ],
)
def test_pages_cost_the_same_for_a_few_medals_and_for_many(
    anna: Person, read: Callable[[World, int], object], cost: int
) -> None:
    few = statements(anna, lambda world: read(world, anna.id))
    for number in range(60):
        anna.buy(f"more{number}", *[("X", f"kind{number}", "1", "9") for _ in range(5)])

    many = statements(anna, lambda world: read(world, anna.id))

    with anna.shop.world() as world:
        held = world.connection.exec_driver_sql("SELECT COUNT(*) FROM award").scalar_one()
    assert held >= 60
    assert (few, many) == (cost, cost)
