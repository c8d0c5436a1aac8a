"""Segments are saved, used and archived; lists come from files and keep no contact."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audiences.conditions import Audience, parse_audience
from gamification.audiences.queries import Use
from gamification.commands.audiences import (
    ListReport,
    ListRow,
    archive_list,
    archive_segment,
    import_list,
    rename_segment,
    save_segment,
)
from gamification.commands.farewell import erase_member
from gamification.commands.member import join_member
from gamification.readmodels.audiences import (
    audience_size,
    audience_view,
    member_lists,
    segments,
    shop_map,
)
from gamification.refusals import (
    AudienceInUse,
    InvalidAudience,
    NameTaken,
    NobodyMatched,
    Refusal,
    UnknownList,
    UnknownSegment,
)
from tests.counting import statements
from tests.shop import Person, Shop

AT_MOST_ONE = parse_audience({"all": [{"kind": "frequency", "at_most": 1}]})
ANYBODY = Audience()


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-10 09:00")


def saved(shop: Shop, name: str, audience: Audience = AT_MOST_ONE, **more: Any) -> int:
    with shop.world() as world:
        return save_segment(world, name=name, audience=audience, actor="account:1", **more)


def within(segment_id: int) -> Audience:
    return parse_audience({"all": [{"kind": "segment", "segment_id": segment_id}]})


def refused(shop: Shop, kind: type[Refusal], **values: Any) -> None:
    """Saving a segment like this is refused, and leaves nothing behind."""
    before = shop.rows("SELECT * FROM segment ORDER BY id")
    with pytest.raises(kind), shop.world() as world:
        save_segment(world, **({"name": "X", "audience": ANYBODY, "actor": "account:1"} | values))
    assert shop.rows("SELECT * FROM segment ORDER BY id") == before


def test_a_segment_is_saved_shown_renamed_and_archived(shop: Shop) -> None:
    key = saved(shop, "  Few\u200b  visits ")
    with shop.world() as world:
        [shown] = segments(world)
    assert (shown.id, shown.name, shown.audience) == (key, "Few visits", AT_MOST_ONE)
    assert (shown.created_at, shown.created_by, shown.uses) == (shop.when(), "account:1", ())

    with shop.world() as world:
        rename_segment(world, key, name="Rare", actor="account:2")
    with shop.world() as world:
        assert [(one.id, one.name) for one in segments(world)] == [(key, "Rare")]
        archive_segment(world, key)
    with shop.world() as world:
        assert segments(world) == ()
    with pytest.raises(UnknownSegment), shop.world() as world:
        archive_segment(world, key)
    assert saved(shop, "Rare") != key, "the name of an archived one is free"


def test_names_are_there_and_differ(shop: Shop) -> None:
    first = saved(shop, "Rare")

    refused(shop, NameTaken, name="Rare")
    refused(shop, InvalidAudience, name=" \u200b ")
    assert saved(shop, "Rare", ANYBODY, segment_id=first) == first
    second = saved(shop, "Often")
    refused(shop, NameTaken, name="Rare", segment_id=second)
    refused(shop, UnknownSegment, segment_id=999)


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "tier", "tiers": ["bronze", "emerald"]},
        {"kind": "medal", "medal": "no-such-medal"},
        {"kind": "segment", "segment_id": 77},
        {"kind": "member_list", "list_id": 77},
    ],
)
def test_an_audience_that_leads_nowhere_is_refused(shop: Shop, condition: dict[str, Any]) -> None:
    refused(shop, InvalidAudience, audience=parse_audience({"all": [condition]}))
    refused(shop, InvalidAudience, audience=parse_audience({"none": [condition]}))


def test_what_something_leans_on_is_neither_archived_nor_changed(shop: Shop) -> None:
    inner = saved(shop, "Inner")
    outer = saved(shop, "Outer", within(inner))

    with shop.world() as world:
        uses = {one.name: one.uses for one in segments(world)}
    assert uses == {"Inner": (Use("segment", outer, "Outer"),), "Outer": ()}
    with pytest.raises(AudienceInUse) as refusal, shop.world() as world:
        archive_segment(world, inner)
    assert refusal.value.values == {"uses": (Use("segment", outer, "Outer"),)}
    refused(shop, AudienceInUse, name="Inner", segment_id=inner)
    assert saved(shop, "Inner, renamed", segment_id=inner) == inner

    with shop.world() as world:
        archive_segment(world, outer)
        archive_segment(world, inner)
    refused(shop, InvalidAudience, audience=within(inner))


def test_a_segment_cannot_lead_back_to_itself_or_too_deep(shop: Shop) -> None:
    key = saved(shop, "0", ANYBODY)
    refused(shop, InvalidAudience, name="0", segment_id=key, audience=within(key))
    for depth in range(1, 9):
        key = saved(shop, str(depth), within(key))

    refused(shop, InvalidAudience, audience=within(key))
    shop.join("anna")
    with shop.world() as world:
        assert audience_size(world, parse_audience({"all": [
            {"kind": "segment", "segment_id": key}]})) == 1  # fmt: skip


@pytest.fixture
def people(shop: Shop) -> list[int]:
    """Anna by phone, Boris by e-mail, Vera by the id of the shop's own books."""
    with shop.world() as world:
        anna = join_member(world, name="Anna", phone="+79123456701")
        boris = join_member(world, name="Boris", email="boris@example.org")
        found = [anna.id or 0, boris.id or 0]
    return [*found, shop.join("vera").id]


def brought(shop: Shop, *rows: ListRow, name: str = "Paper") -> ListReport:
    with shop.world() as world:
        return import_list(world, name=name, rows=rows, actor="account:1")


def test_a_list_keeps_whom_it_names_and_counts_the_rest(shop: Shop, people: list[int]) -> None:
    [(card,)] = shop.rows("SELECT number FROM card WHERE member_id = ?", people[0])

    report = brought(
        shop,
        ListRow(2, phone="8 912 345-67-01"),
        ListRow(3, email=" Boris@Example.org "),
        ListRow(4, card="000"),
        ListRow(5, card=f" {card} "),
        ListRow(6, external_id="vera", phone="+79999999999"),
        ListRow(7),
        ListRow(8, card="000", email="boris@example.org"),
    )

    assert report == ListReport(report.list_id, 3, 2, 2, (4, 7))
    kept = shop.rows("SELECT member_id FROM member_list_entry ORDER BY member_id")
    assert [member_id for (member_id,) in kept] == sorted(people)
    with shop.world() as world:
        [shown] = member_lists(world)
        audience = parse_audience({"all": [{"kind": "member_list", "list_id": shown.id}]})
        assert audience_size(world, audience) == 3
    assert (shown.matched, shown.duplicates, shown.unmatched, shown.standing) == (3, 2, 2, 3)


def test_of_a_row_that_names_nobody_nothing_is_kept(shop: Shop, people: list[int]) -> None:
    brought(shop, ListRow(2, external_id="vera"), ListRow(3, email="stranger@example.org"))

    with shop.engine.connect() as connection:
        for table in ("member_list", "member_list_entry"):
            rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert "stranger" not in repr(rows) and rows


def test_a_list_of_strangers_is_refused(shop: Shop, people: list[int]) -> None:
    with pytest.raises(NobodyMatched), shop.world() as world:
        import_list(world, name="L", rows=[ListRow(2, card="000"), ListRow(3)], actor="account:1")
    with pytest.raises(NobodyMatched), shop.world() as world:
        import_list(world, name="L", rows=[], actor="account:1")
    assert shop.rows("SELECT * FROM member_list") == []


def test_a_list_in_use_stays_and_an_erased_member_leaves_it(shop: Shop, people: list[int]) -> None:
    key = brought(shop, ListRow(2, external_id="vera"), ListRow(3, phone="89123456701")).list_id
    on_list = parse_audience({"none": [{"kind": "member_list", "list_id": key}]})
    segment = saved(shop, "Not on paper", on_list)
    with pytest.raises(AudienceInUse), shop.world() as world:
        archive_list(world, key)

    with shop.world() as world:
        erase_member(world, people[0])
    assert shop.rows("SELECT member_id FROM member_list_entry") == [(people[2],)]
    with shop.world() as world:
        archive_segment(world, segment)
        archive_list(world, key)
        assert member_lists(world) == ()
    with pytest.raises(UnknownList), shop.world() as world:
        archive_list(world, key)


def test_a_view_tells_sizes_and_facts(shop: Shop) -> None:
    anna, boris = shop.join("Anna Petrova"), shop.join("Boris")
    anna.spend_money("p1", "700", at="2026-03-10 10:00", now="2026-03-10 10:00")
    buyers = parse_audience({"all": [{"kind": "frequency", "at_least": 1}],
                             "none": [{"kind": "recency", "days": 1}]})  # fmt: skip

    with shop.world("2026-03-10 12:00") as world:
        view = audience_view(world, Audience(all=buyers.all))
        empty = audience_view(world, buyers)
        known = shop_map(world)

    [person] = view.people
    assert (person.name, person.tier, person.purchases, person.kept) == (
        "Anna P.", "bronze", 1, 70_000,
    )  # fmt: skip
    assert (person.last_on, person.joined_on) == (shop.when().date(), shop.when().date())
    assert (person.stage, person.value) == ("new", "promising")
    assert [step.size for step in view.steps] == [2, 1]
    assert (view.size, view.emptied) == (1, None)
    assert (empty.size, empty.people) == (0, ())
    assert empty.emptied is not None and empty.emptied.condition == buyers.none[0]
    assert known.stages == {"potential": 1, "new": 1, "active": 0, "at_risk": 0, "lapsed": 0}
    assert boris.id > 0


def test_three_cost_as_many_statements_as_one(shop: Shop) -> None:
    anna: Person = shop.join("anna")
    saved(shop, "first")
    one = statements(anna, segments), statements(anna, member_lists)
    seen = statements(anna, lambda world: audience_view(world, ANYBODY))
    for name in ("boris", "vera"):
        shop.join(name)
        saved(shop, name)
        brought(shop, ListRow(2, external_id=name), name=name)

    assert (statements(anna, segments), statements(anna, member_lists)) == one
    assert statements(anna, lambda world: audience_view(world, ANYBODY)) == seen
