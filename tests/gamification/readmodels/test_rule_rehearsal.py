"""A rehearsed rule finds what a shop that had it from the start would have given."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamification.definitions import current_definitions
from gamification.readmodels.rule_rehearsal import RuleDraft, rehearse_rule_in_steps
from gamification.refusals import InvalidSetting
from gamification.store import Store
from tests.databases import PostgresCopies, SqliteCopies, opened
from tests.rehearsing import (
    BEGIN,
    END,
    TIERS,
    Rule,
    Story,
    kept_points,
    play,
    rule_found,
    rules,
    stories,
    story_shop,
)

FULL = bool(os.environ.get("LAUREL_FULL"))
Take = Callable[[], tuple[str, Callable[[], None]]]
RULES = settings(
    max_examples=300 if FULL else 3,
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
standing_rules = st.lists(rules, max_size=3, unique_by=lambda rule: rule[0])
drafts = st.tuples(rules, st.booleans())


def check_nothing_changes(take: Take, standing: list[Rule], story: Story) -> None:
    url, drop = take()
    with opened(url) as engine:
        shop, people = story_shop(engine, standing)
        play(people, story)
        whole = kept_points(shop)
        for draft in (None, *(RuleDraft(*rule) for rule in standing)):
            found = rule_found(shop, draft)
            assert found.spread.by_member == {}, draft
            assert found.before == found.after
            assert found.difference == found.money == 0
            assert sum(whole.values()) == found.before.total()
            assert found.samples == ()
    drop()


def check_live(take: Take, standing: list[Rule], draft: Rule, story: Story, *, off: bool) -> None:
    """Two shops live the same: one has the draft, the other rehearses it."""
    code, kind, params = draft
    off = off and kind != "tier_rate"  # a shop without rates cannot be set up
    others = [rule for rule in standing if rule[0] != code]
    there = [*others, draft] if off else standing
    # An exclusion takes money out of what tiers count: with one tier only points can differ.
    tiers = TIERS[:1] if kind == "exclusion" else TIERS
    url, drop = take()
    other_url, drop_other = take()
    with opened(url) as engine, opened(other_url) as other:
        shop, people = story_shop(engine, there, tiers)
        lived, others_people = story_shop(other, others if off else _placed(there, draft), tiers)
        play(people, story)
        play(others_people, story)
        found = rule_found(shop, RuleDraft(code, kind, None if off else params))

        assert _by_day(lived) == {day.isoformat(): n for day, n in found.after.items() if n}
        assert _by_day(shop) == {day.isoformat(): n for day, n in found.before.items() if n}
        mine, theirs = _by_member(shop), _by_member(lived)
        changed = {i: theirs.get(i, 0) - mine.get(i, 0) for i in mine.keys() | theirs.keys()}
        assert found.spread.by_member == {i: n for i, n in changed.items() if n}
    drop()
    drop_other()


def _placed(standing: list[Rule], draft: Rule) -> list[Rule]:
    """The rules in order, the draft where its rule stands, else at the end."""
    codes = [rule[0] for rule in standing]
    if draft[0] in codes:
        return [draft if rule[0] == draft[0] else rule for rule in standing]
    return [*standing, draft]


def _by_day(shop: Any) -> dict[str, int]:
    days: dict[str, int] = {}
    for (_member, day), points in kept_points(shop).items():
        days[day] = days.get(day, 0) + points
    return days


def _by_member(shop: Any) -> dict[int, int]:
    members: dict[int, int] = {}
    for (member, _day), points in kept_points(shop).items():
        members[member] = members.get(member, 0) + points
    return members


DISCOUNT_BACK: Story = [
    ("buy", 0, 19, 16, 0, [("A", "tea", "3", "-20")], 40, 0),
    ("return", 0, False, 0, 0),
    ("buy", 0, 20, 5, 0, [("A", "tea", "1", "-20"), ("B", "cups", "1", "30")], 0, 0),
    ("return", 1, False, 1, 0),
    ("return", 1, False, 0, 0),
]
DOUBLE_TEA: Rule = ("more", "multiplier", {"percent": 333, "categories": ("tea",)})
RATES: Rule = ("tier_rate", "tier_rate", {"rates": {"clay": 600, "gold": 1000, "onyx": 1400}})


@pytest.mark.parametrize("draft", [DOUBLE_TEA, RATES])
def test_a_returned_discount_gives_no_points_in_a_rehearsal_either(
    draft: Rule, sqlite_copies: SqliteCopies
) -> None:
    check_live(sqlite_copies.take, [], draft, DISCOUNT_BACK, off=False)
    check_live(sqlite_copies.take, [DOUBLE_TEA], draft, DISCOUNT_BACK, off=False)


@RULES
@given(standing=standing_rules, story=stories)
def test_the_rules_as_they_are_change_nothing_on_sqlite(
    sqlite_copies: SqliteCopies, standing: list[Rule], story: Story
) -> None:
    check_nothing_changes(sqlite_copies.take, standing, story)


@pytest.mark.pg
@RULES
@given(standing=standing_rules, story=stories)
def test_the_rules_as_they_are_change_nothing_on_postgresql(
    postgres_copies: PostgresCopies, standing: list[Rule], story: Story
) -> None:
    check_nothing_changes(postgres_copies.take, standing, story)


@RULES
@given(standing=standing_rules, draft=drafts, story=stories)
def test_it_is_as_if_the_draft_had_always_been_there_on_sqlite(
    sqlite_copies: SqliteCopies, standing: list[Rule], draft: tuple[Rule, bool], story: Story
) -> None:
    check_live(sqlite_copies.take, standing, draft[0], story, off=draft[1])


@pytest.mark.pg
@RULES
@given(standing=standing_rules, draft=drafts, story=stories)
def test_it_is_as_if_the_draft_had_always_been_there_on_postgresql(
    postgres_copies: PostgresCopies, standing: list[Rule], draft: tuple[Rule, bool], story: Story
) -> None:
    check_live(postgres_copies.take, standing, draft[0], story, off=draft[1])


def test_a_doubled_rule_tells_who_gains_and_why(engine: sa.Engine) -> None:
    shop, (ana, boris, cyril) = story_shop(engine, [("cap", "cap", {"points": 50})])
    ana.buy("a1", ("T", "tea", "1", "1000"), at="2026-03-02 10:00", now="2026-03-02 10:00")
    ana.buy("a2", ("T", "tea", "1", "1500"), at="2026-03-03 10:00", now="2026-03-03 10:00")
    boris.buy("b1", ("C", "cups", "1", "500"), at="2026-03-03 10:00", now="2026-03-03 10:00")
    cyril.buy("c1", ("T", "tea", "1", "40"), at="2026-03-03 10:00", now="2026-03-03 10:00")
    cyril.bring_back("c2", of="c1", whole=True, now="2026-03-04 10:00", at="2026-03-04 10:00")
    double = RuleDraft("tea", "multiplier", {"percent": 200, "categories": ["tea"]})

    found = rule_found(shop, double)

    assert {day.isoformat(): n for day, n in found.before.items()} == {
        "2026-03-02": 30, "2026-03-03": 50 + 15,
    }  # fmt: skip
    assert {day.isoformat(): n for day, n in found.after.items()} == {
        "2026-03-02": 50, "2026-03-03": 50 + 15,
    }  # fmt: skip
    assert (found.difference, found.money) == (20, 20 * 100)
    assert (found.asked, found.members, found.receipts) == (3, 2, 3)
    assert found.spread.by_member == {ana.id: 20}
    assert (found.spread.gainers, found.spread.losers, found.spread.gained) == (1, 0, 20)
    assert dict(found.spread.groups) == {11: 1, 0: 1}
    assert (found.capped, found.cut) == ((1, 2), 10 + 100)
    (sample,) = found.samples
    assert (sample.member_id, sample.before, sample.after) == (ana.id, 80, 100)
    assert (sample.receipt, sample.was, sample.now) == ("a1", 30, 50)
    assert sample.lost is None
    assert sample.got is not None
    assert (sample.got["code"], sample.got["rule"]) == ("multiplier", "tea")
    assert found.unknown == {"more_purchases": 0, "unspent": 0}


def test_what_the_past_cannot_say_is_named(engine: sa.Engine) -> None:
    shop, (ana, *_) = story_shop(engine, [])
    ana.buy("a1", ("T", None, "1", "500"), now="2026-03-02 10:00", at="2026-03-02 10:00")
    shop.rule("tea", "bonus", {"threshold": 100, "points": 5}, since="2026-04-01 00:00")
    shop.rule("tea", "bonus", {"threshold": 200, "points": 5}, since="2026-05-01 00:00")

    more = rule_found(shop, RuleDraft("x", "multiplier", {"percent": 200, "categories": ["tea"]}))
    gone = rule_found(shop, RuleDraft("y", "exclusion", {"categories": ["tea"]}))
    late = {"threshold": 1, "points": 1, "dates": ["2027-01-01", "2027-02-01"]}
    other = rule_found(shop, RuleDraft("tea", "bonus", late))
    rates = rule_found(shop, RuleDraft("tier_rate", "tier_rate", {"rates": {"clay": 500}}))

    known = {"more_purchases": 0, "unspent": 0}
    assert more.unknown == {**known, "no_goods": 1}
    assert gone.unknown == {**known, "tiers_by_base": 0}
    assert other.unknown == {**known, "dates_outside": 0, "versions_replaced": 2}
    assert rates.unknown == {**known, "tier_without_rate": 0}


def test_it_goes_in_steps_and_writes_nothing(engine: sa.Engine) -> None:
    shop, (ana, *_) = story_shop(engine, [])
    ana.buy("a1", ("T", "tea", "1", "500"), now="2026-03-02 10:00", at="2026-03-02 10:00")
    before = shop.rows("SELECT COUNT(*), MAX(id) FROM activity")

    with shop.world(END) as world:
        definitions = current_definitions(world.session)
        span = (shop.when(BEGIN), shop.when(END))
        store = Store(world.connection)
        draft = RuleDraft("more", "multiplier", {"percent": 200})
        steps = list(rehearse_rule_in_steps(store, definitions, draft, span))
        assert not world.session.new
        assert not world.session.dirty

    assert [percent for percent, _ in steps] == [0, 100]
    assert [found is None for _, found in steps] == [True, False]
    assert shop.rows("SELECT COUNT(*), MAX(id) FROM activity") == before
    assert shop.rows("SELECT code FROM earn_rule") == [("tier_rate",)]


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft("x", "nonsense", {}),
        RuleDraft("x", "act", {}),
        RuleDraft("tier_rate", "cap", {"points": 5}),
        RuleDraft("x", "multiplier", {"percent": 50}),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused(engine: sa.Engine, draft: RuleDraft) -> None:
    shop, _ = story_shop(engine, [])

    with pytest.raises(InvalidSetting):
        rule_found(shop, draft)
