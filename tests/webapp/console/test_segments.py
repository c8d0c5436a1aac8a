"""Segments in the console: the map, the form that is put together step by step, the archive."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gamification.commands.audiences import ListRow, import_list, save_segment
from gamification.commands.member import find_member, join_member
from gamification.commands.profile import tell_city
from gamification.readmodels.audiences import audience_size, segments
from gamification.readmodels.conditions import canonical, parse_audience
from tests.webapp.console.owner import english, statements
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.console.segment_fields import KINDS

PAGE = "/console/segments"
EDIT = f"{PAGE}/edit"
FEW = {"kind": "frequency", "at_most": 1}


def saved(shop: Shop) -> dict[str, Any]:
    """Every segment by name, as it is stored."""
    with shop.worlds.open(readonly=True) as world:
        return {one.name: canonical(one.audience) for one in segments(world)}


def save(shop: Shop, name: str, *conditions: dict[str, Any]) -> int:
    with shop.worlds.open() as world:
        audience = parse_audience({"all": conditions})
        return save_segment(world, name=name, audience=audience, actor="account:1")


def said(answer: TestResponse) -> str:
    return text_of(answer).replace("\u00a0", " ")


def send(owner: Browser, **fields: str) -> TestResponse:
    return owner.send(EDIT, **fields)


def test_the_map_leads_to_segments_that_are_ready(open_shop: Shop, owner: Browser) -> None:
    words = said(english(owner, PAGE))
    assert "Stages of life" in words
    assert "Nothing is saved yet" in words

    ready = said(english(owner, f"{EDIT}?rfm=champions"))
    assert "By purchases: Champions" in ready
    assert "0 members" in ready
    assert "Nobody is left after" not in ready, "there was nobody before"
    with open_shop.worlds.open() as world:
        join_member(world, name="Anna Petrova", phone="+79123456701")
    assert "Nobody is left after: By purchases: Champions" in said(
        english(owner, f"{EDIT}?rfm=champions")
    )
    potential = said(english(owner, f"{EDIT}?stage=potential"))
    assert "1 member" in potential
    assert "Anna P." in potential


def test_a_segment_is_put_together_and_saved(open_shop: Shop, owner: Browser) -> None:
    english(owner, PAGE)
    added = send(owner, do="add", kind="frequency", at_most="1", days="30", side="all")
    assert added.status_code == 200
    stored = json.dumps({"kind": "frequency", "at_most": 1, "days": 30})
    assert "at_most" in added.get_data(as_text=True)

    answer = send(owner, do="save", name="Rare", all=stored, none=json.dumps({"kind": "invited"}))

    assert (answer.status_code, answer.location) == (303, f"{PAGE}?said=saved")
    assert saved(open_shop) == {
        "Rare": {
            "all": [{"kind": "frequency", "at_most": 1, "days": 30}],
            "none": [{"kind": "invited"}],
        }
    }
    words = said(english(owner, answer.location))
    assert "Saved." in words
    assert "Purchases: at most 1 (last 30 days); not: Came by an invitation" in words


def test_a_condition_is_taken_away_and_an_older_segment_is_changed(
    open_shop: Shop, owner: Browser
) -> None:
    key = save(open_shop, "Rare", FEW, {"kind": "invited"})
    assert "Purchases: at most 1" in said(english(owner, f"{EDIT}?segment={key}"))
    both = [json.dumps(FEW), json.dumps({"kind": "invited"})]

    dropped = said(owner.send(EDIT, drop="all:0", all=both, segment=str(key)))
    assert json.dumps(FEW) not in dropped

    send(owner, do="save", name="By friends", all=both[1], segment=str(key))
    assert saved(open_shop) == {"By friends": {"all": [{"kind": "invited"}]}}


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "add", "kind": "frequency"},
        {"do": "add", "kind": "frequency", "at_least": "3", "at_most": "2"},
        {"do": "add", "kind": "frequency", "at_least": "x"},
        {"do": "add", "kind": "recency", "days": "99999"},
        {"do": "add", "kind": "recency", "days": "3", "within": "perhaps"},
        {"do": "add", "kind": "spend", "at_least": "-5"},
        {"do": "add", "kind": "bought", "categories": "never-sold"},
        {"do": "add", "kind": "segment", "segment_id": "77"},
        {"do": "add", "kind": "stage"},
        {"do": "add", "kind": "city"},
        {"do": "add", "kind": "city", "more_cities": "?!"},
        {"do": "add", "kind": "city", "more_cities": "Орёл, " + "Й" * 81},
        {"do": "add", "kind": "city", "more_cities": ",".join(f"c{n}" for n in range(51))},
        {"do": "save", "name": "X", "all": '{"kind": "city"}'},
        {"do": "save", "name": "X", "all": '{"kind": "city", "cities": ["\\ud800"]}'},
        {"do": "add", "kind": "nonsense"},
        {"do": "save", "name": ""},
        {"do": "save", "name": "Taken"},
        {"do": "save", "name": "X", "all": "{"},
        {"do": "save", "name": "X", "all": '{"kind": "nonsense"}'},
        {"do": "save", "name": "X", "none": '{"kind": "segment", "segment_id": 99}'},
        {"do": "save", "name": "X", "none": "[" * 5000},
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_saved(
    open_shop: Shop, owner: Browser, fields: dict[str, str]
) -> None:
    save(open_shop, "Taken", FEW)

    answer = send(owner, **fields)

    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True) or 'role="alert"' in answer.get_data(
        as_text=True
    )
    assert set(saved(open_shop)) == {"Taken"}


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "segment", "segment_id": 2**63},
        {"kind": "member_list", "list_id": 10**30},
        {"kind": "spend", "at_least": 2**63},
        {"kind": "frequency", "at_most": 10**30},
        {"kind": "inviter", "at_least": 2**63},
    ],
)
@pytest.mark.parametrize("do", ["save", "look", "size"])
def test_a_number_beyond_all_rows_is_a_sentence(
    open_shop: Shop, owner: Browser, condition: dict[str, Any], do: str
) -> None:
    answer = send(owner, all=json.dumps(condition), do=do, name="Odd")

    assert answer.status_code == 422


@pytest.mark.parametrize("do", ["look", "size", "save"])
def test_a_hidden_condition_with_a_sign_that_is_no_text(
    open_shop: Shop, owner: Browser, do: str
) -> None:
    hidden = '{"kind": "bought", "categories": ["a\\u0000"], "days": 5}'

    answer = owner.send("/console/segments/edit", kind="stage", side="all", stages="new", do=do,
                        name="n", all=hidden)  # fmt: skip

    assert answer.status_code == 422
    assert set(saved(open_shop)) == set()


def test_every_kind_shows_its_fields(open_shop: Shop, owner: Browser) -> None:
    for kind in KINDS:
        answer = send(owner, do="look", kind=kind, drop="all:9")
        assert answer.status_code == 200, kind


@pytest.fixture
def housed(open_shop: Shop) -> Shop:
    """Two of Oryol, each in their own spelling, one of Tver, one who said nothing."""
    with open_shop.worlds.open() as world:
        for n, city in enumerate(("г. Орёл", "ОРЕЛ", "Тверь", "")):
            member = join_member(world, name=f"Anna {'PQRS'[n]}", phone=f"+7912345670{n}")
            tell_city(world, member.id or 0, city)
    return open_shop


def test_the_cities_that_members_have_are_offered_with_how_many(
    housed: Shop, owner: Browser
) -> None:
    page = send(owner, do="look", kind="city", drop="all:9")
    words = said(page)

    assert "г. Орёл (2)" in words or "ОРЕЛ (2)" in words
    assert words.index("(2)") < words.index("Тверь (1)")
    assert "город не указан (1)" in words
    assert 'name="more_cities"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "line", "names"),
    [
        ({"cities": ["Орёл"]}, "Город: Орёл", "PQ"),
        ({"cities": ["Тверь"], "more_cities": "орел, Тверь ,"}, "Город: Тверь, орел", "PQR"),
        ({"more_cities": "город Тверь"}, "Город: город Тверь", "R"),
        ({"cities": ["-"]}, "Город не указан", "S"),
        ({"cities": ["Тверь", "-"]}, "Город: Тверь или не указан", "RS"),
        ({"cities": ["Тверь", "-"], "side": "none"}, "Кроме: Город: Тверь или не указан", "PQ"),
        ({"more_cities": "Кяхта"}, "Никого не осталось после условия: Город: Кяхта", ""),
    ],
)
def test_a_city_is_chosen_or_typed_required_or_excluded(
    housed: Shop, owner: Browser, fields: dict[str, Any], line: str, names: str
) -> None:

    words = said(owner.send(EDIT, do="add", kind="city", **fields))

    assert line in words
    assert "".join(one for one in "PQRS" if f"Anna {one}." in words) == names


def test_typed_cities_stay_typed_beside_their_sentence(housed: Shop, owner: Browser) -> None:

    page = owner.send(EDIT, do="add", kind="city", cities=["Тверь"], more_cities="Орёл, ?!")
    source = page.get_data(as_text=True)

    assert "Напишите город буквами." in said(page)
    assert 'id="more_cities-error"' in source
    assert 'value="Орёл, ?!"' in source
    assert 'value="Тверь" checked' in source


def test_who_moves_is_in_another_segment_at_once(housed: Shop, owner: Browser) -> None:
    save(housed, "Tver", {"kind": "city", "cities": ["Тверь"]})
    english(owner, PAGE)
    with housed.worlds.open() as world:
        key, audience = next((x.id, x.audience) for x in segments(world) if x.name == "Tver")
        before = audience_size(world, audience)
        someone = find_member(world, phone="+79123456703")
        tell_city(world, someone.id or 0 if someone else 0, "Г.ТВЕРЬ")
        after = audience_size(world, audience)

    assert (before, after) == (1, 2)
    assert "Anna S., " not in said(english(owner, f"{EDIT}?segment={key}"))
    assert "Г.ТВЕРЬ" in said(english(owner, f"{EDIT}?segment={key}"))


def test_what_is_in_use_says_so_and_cannot_be_archived(open_shop: Shop, owner: Browser) -> None:
    inner = save(open_shop, "Inner", FEW)
    save(open_shop, "Outer", {"kind": "segment", "segment_id": inner})
    assert "Used in: Outer" in said(english(owner, PAGE))

    answer = owner.send(f"{PAGE}/{inner}/archive")
    assert answer.location == f"{PAGE}?said=audience_in_use"
    assert "It is in use" in said(english(owner, answer.location))
    assert owner.send(f"{PAGE}/999/archive").location == f"{PAGE}?said=unknown_segment"

    alone = save(open_shop, "Alone", FEW)
    assert owner.send(f"{PAGE}/{alone}/archive").location == f"{PAGE}?said=archived"
    assert set(saved(open_shop)) == {"Inner", "Outer"}


def test_the_list_costs_the_same_for_one_and_for_three(open_shop: Shop, owner: Browser) -> None:
    save(open_shop, "first", FEW)
    owner.get(PAGE)
    with statements() as one:
        owner.get(PAGE)
    for name in ("second", "third"):
        save(open_shop, name, FEW)
    with statements() as three:
        owner.get(PAGE)

    assert 0 < len(one) == len(three)


def test_a_list_stands_on_the_page_and_can_be_chosen(open_shop: Shop, owner: Browser) -> None:
    with open_shop.worlds.open() as world:
        join_member(world, name="Anna", phone="+79123456701")
        import_list(world, name="Paper", rows=[ListRow(2, phone="89123456701")], actor="account:1")

    assert "Paper" in said(english(owner, PAGE))
    assert "Paper" in said(send(owner, do="look", kind="member_list"))


def test_the_size_follows_what_is_being_typed(open_shop: Shop, owner: Browser) -> None:
    with open_shop.worlds.open() as world:
        join_member(world, name="Anna", phone="+79123456701")
    token = owner.token(EDIT)
    only_the_size = {"HX-Request": "true", "HX-Target": "found", "Accept-Language": "en"}
    asked = {"csrf_token": token, "do": "size", "kind": "frequency", "side": "all"}

    def size(**typed: str) -> str:
        answer = owner.client.post(EDIT, data=asked | typed, headers=only_the_size)
        assert answer.status_code == 200
        assert "<form" not in answer.get_data(as_text=True)
        return said(answer)

    assert "1 member" in size(at_most="3")
    assert "0 members" in size(at_least="3")
    assert "1 member" in size(at_least="three"), "what is no condition yet counts for nothing"
