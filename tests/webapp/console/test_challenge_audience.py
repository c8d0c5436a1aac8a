"""Whom a challenge is for: every kind of condition, with the fields of the segments' page."""

from dataclasses import replace
from typing import Any

import pytest

from gamification.commands.audiences import ListRow, import_list, save_segment
from gamification.commands.challenge_desk import challenge_now
from gamification.commands.challenges import save_draft
from gamification.commands.member import find_member, join_member
from gamification.commands.profile import tell_city
from gamification.readmodels.conditions import parse_audience
from tests.webapp.console.challenge_forms import PAGE, draft, fields_of, launched, now_of, send
from tests.webapp.console.owner import english, tell
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.console.segment_fields import KINDS

FEW = {"kind": "frequency", "at_most": 1}


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


@pytest.fixture
def number(open_shop: Shop, marketer: Browser) -> int:
    """A draft in a shop that has something of everything."""
    with open_shop.worlds.open() as world:
        anna = join_member(world, name="Анна Седова", phone="+79123456701")
        tell(world, anna.id or 0, "R-1", days=1)
        audience = parse_audience({"all": [FEW]})
        save_segment(world, name="Rare", audience=audience, actor="account:1")
        import_list(world, name="Paper", rows=[ListRow(2, phone="89123456701")], actor="account:1")
    return draft(marketer, "blank")


def asked(shop: Shop, number: int) -> dict[str, Any]:
    return now_of(shop, number).plan.terms.audience


def keep(shop: Shop, number: int, audience: dict[str, Any]) -> None:
    """Save an audience as another way in may have written it."""
    with shop.worlds.open() as world:
        now = challenge_now(world, number)
        terms = now.plan.terms.model_copy(update={"audience": audience})
        save_draft(world, number, replace(now.plan, terms=terms), over=now.revision,
                   actor="account:1")  # fmt: skip


def said(answer: Any) -> str:
    return text_of(answer).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_condition_of_every_kind_holds_as_it_is_added(
    open_shop: Shop, marketer: Browser, number: int, kind: str
) -> None:
    answer = send(marketer, number, do=f"add_condition:{kind}")

    assert answer.status_code == 303, said(answer)
    assert answer.location == f"{PAGE}/{number}?open=0"
    (one,) = asked(open_shop, number)["all"]
    assert one["kind"] == kind
    assert parse_audience({"all": [one]})
    assert 'id="a0_more" open' in marketer.get(answer.location).get_data(as_text=True)

    send(marketer, number)

    assert asked(open_shop, number) == {"all": [one]}
    assert now_of(open_shop, number).revision == 2, "a form that nobody changed changes nothing"


def test_a_kind_of_which_the_shop_has_nothing_is_not_offered(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer, "blank")

    page = marketer.get(f"{PAGE}/{number}").get_data(as_text=True)
    send(marketer, number, do="add_condition:member_list")

    assert "add_condition:stage" in page
    assert "add_condition:member_list" not in page
    assert asked(open_shop, number) == {}


def test_another_kind_brings_its_own_fields(
    open_shop: Shop, marketer: Browser, number: int
) -> None:
    send(marketer, number, do="add_condition:recency")

    answer = send(marketer, number, a0_kind="stage", a0_side="none")

    assert answer.location == f"{PAGE}/{number}?open=0"
    assert asked(open_shop, number) == {"none": [{"kind": "stage", "stages": ["potential"]}]}
    send(marketer, number, a0_stages=["new", "active"])
    assert asked(open_shop, number)["none"][0]["stages"] == ["active", "new"]
    words = said(english(marketer, f"{PAGE}/{number}"))
    assert "Not: Stage: Active, New" in words


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("recency", {"a0_days": "99999"}, "a0_days"),
        ("frequency", {"a0_at_least": "5", "a0_at_most": "2"}, "a0_at_least"),
        ("frequency", {"a0_at_least": "", "a0_at_most": ""}, "a0_at_least"),
        ("spend", {"a0_at_least": "-5"}, "a0_at_least"),
        ("stage", {"a0_stages": []}, "a0_stages"),
        ("bought", {"a0_categories": ["never-sold"]}, "a0_categories"),
        ("segment", {"a0_segment_id": "77"}, "a0_segment_id"),
        ("consent", {"a0_given": "perhaps"}, "a0_given"),
        ("city", {"a0_cities": []}, "a0_cities"),
        ("city", {"a0_more_cities": "..."}, "a0_more_cities"),
        ("tier", {"a0_kind": "nonsense"}, "a0_kind"),
    ],
)
def test_what_cannot_be_taken_stands_beside_its_field_and_stays_typed(
    open_shop: Shop, marketer: Browser, number: int, kind: str, changes: Any, field: str
) -> None:
    send(marketer, number, do=f"add_condition:{kind}")
    before = now_of(open_shop, number)

    answer = send(marketer, number, **changes, points="777")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert 'id="a0_more" open' in page
    assert 'value="777"' in page
    assert now_of(open_shop, number) == before


def test_cities_of_a_draft_stay_chosen_as_they_were_spelt(
    open_shop: Shop, marketer: Browser, number: int
) -> None:
    with open_shop.worlds.open() as world:
        anna = find_member(world, phone="+79123456701")
        tell_city(world, anna.id or 0 if anna else 0, "г. Орёл")
    send(marketer, number, do="add_condition:city")
    first = asked(open_shop, number)

    send(marketer, number, a0_cities=["-"], a0_more_cities="ОРЕЛ, Кяхта")
    source = marketer.get(f"{PAGE}/{number}").get_data(as_text=True)
    typed = asked(open_shop, number)
    send(marketer, number)

    assert first == {"all": [{"kind": "city", "cities": ["г. Орёл"]}]}
    assert typed == {"all": [{"kind": "city", "cities": ["Кяхта", "ОРЕЛ"], "unknown": True}]}
    assert all(f'value="{one}" checked' in source for one in ("ОРЕЛ", "Кяхта", "-"))
    assert "ОРЕЛ (1)" in source
    assert 'value="г. Орёл"' not in source
    assert asked(open_shop, number) == typed


def test_what_another_way_in_has_chosen_stays_a_choice(
    open_shop: Shop, marketer: Browser, number: int
) -> None:
    odd = {
        "all": [
            {"kind": "bought", "categories": ["Кофе", "Сезонное"], "days": 30},
            {"kind": "visited", "stores": ["Закрытая"]},
            {"kind": "medal", "medal": "long-gone", "level": 2},
            *({"kind": "frequency", "at_most": n} for n in range(1, 10)),
        ],
        "none": [{"kind": "tier", "tiers": ["former", "leaf"]}, {"kind": "invited"}],
    }
    keep(open_shop, number, odd)

    send(marketer, number, points="90")
    assert asked(open_shop, number) == odd

    send(marketer, number, do="drop_condition:1")
    assert asked(open_shop, number) == odd | {"all": [odd["all"][0], *odd["all"][2:]]}


def test_the_size_and_some_members_stand_beside_the_conditions(
    open_shop: Shop, marketer: Browser, number: int
) -> None:
    with open_shop.worlds.open() as world:
        join_member(world, name="Борис Ким", phone="+79123456702")
    assert "2 members" in said(english(marketer, f"{PAGE}/{number}"))

    send(marketer, number, do="add_condition:bought")
    words = said(english(marketer, f"{PAGE}/{number}"))
    assert "1 member " in words
    assert "Анна С." in words and "Борис К." not in words

    send(marketer, number, do="add_condition:invited")
    words = said(english(marketer, f"{PAGE}/{number}"))
    assert "Nobody is left after: Came by an invitation" in words


def test_too_many_conditions_of_a_side_are_refused_beside_the_last(
    open_shop: Shop, marketer: Browser, number: int
) -> None:
    keep(open_shop, number, {"all": [{"kind": "birthday_month", "months": [1]}] * 20})

    answer = send(marketer, number, do="add_condition:invited")

    assert answer.status_code == 422
    assert 'id="a20_kind-error"' in answer.get_data(as_text=True)


def test_undo_brings_a_condition_back(open_shop: Shop, marketer: Browser, number: int) -> None:
    send(marketer, number, do="add_condition:invited")
    send(marketer, number, do="drop_condition:0")
    assert asked(open_shop, number) == {}

    marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/restore", revision="2", over="3")

    assert asked(open_shop, number) == {"all": [{"kind": "invited"}]}


def test_a_button_of_the_new_terms_changes_a_row_and_holds_nothing(
    open_shop: Shop, marketer: Browser
) -> None:
    number = launched(marketer, "spend")
    terms = f"{PAGE}/{number}/terms"
    fields = fields_of(marketer, terms)

    answer = marketer.client.post(terms, data=fields | {"do": ["add_condition:invited"]})

    assert answer.status_code == 200
    assert 'id="a0_more" open' in answer.get_data(as_text=True)
    assert asked(open_shop, number) == {}
    added = {"conditions": ["1"], "a0_kind": ["invited"], "a0_was": ["invited"]}
    unseen = added | {"a0_was": ["stage"], "do": ["save"]}
    assert marketer.client.post(terms, data=fields | unseen).status_code == 200
    assert asked(open_shop, number) == {}
    held = marketer.client.post(terms, data=fields | added | {"do": ["save"]})
    assert held.status_code == 303
    assert asked(open_shop, number) == {"all": [{"kind": "invited"}]}
