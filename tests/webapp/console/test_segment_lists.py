"""A list from a file: looked at, kept, reported; bad files say why and nothing of them stays."""

import os
import re
from pathlib import Path

import pytest

from gamification.commands.member import join_member
from gamification.readmodels.audiences import ListView, member_lists
from tests.webapp.console.owner import imports, upload
from tests.webapp.shopfront import Browser, Shop, text_of

PAGE = "/console/segments/list"
PEOPLE = "Имя;Телефон\nАнна;+7 912 345-67-01\nБорис;89123456702\nЕщё Анна;8 912 345 67 01\n;777\n"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{32})"')


@pytest.fixture
def people(open_shop: Shop, owner: Browser) -> Shop:
    with open_shop.worlds.open() as world:
        for n, name in ((1, "Anna"), (2, "Boris")):
            join_member(world, name=name, phone=f"+7912345670{n}")
    owner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return open_shop


def lists(shop: Shop) -> tuple[ListView, ...]:
    with shop.worlds.open(readonly=True) as world:
        return member_lists(world)


def left_files(shop: Shop) -> list[Path]:
    return [path for path in imports(shop).glob("list-*/*") if path.is_file()]


def test_a_file_is_looked_at_before_anything_is_kept(people: Shop, owner: Browser) -> None:
    looked = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="look")

    said = looked.get_data(as_text=True)
    assert looked.status_code == 200
    assert "<option selected>Телефон</option>" in said
    assert "+7 912 345-67-01" in said
    assert 'value="paper"' in said
    assert lists(people) == ()


def test_a_list_is_kept_with_a_report_and_the_file_is_gone(people: Shop, owner: Browser) -> None:
    looked = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="look")
    token = TOKEN.search(looked.get_data(as_text=True))
    assert token
    assert len(left_files(people)) == 1

    kept = owner.send(PAGE, do="save", token=token[1], phone="Телефон", name="Paper")

    (one,) = lists(people)
    assert (one.name, one.matched, one.duplicates, one.unmatched) == ("Paper", 2, 1, 1)
    assert kept.location == f"{PAGE}/{one.id}?rows=5"
    words = text_of(owner.get(kept.location))
    assert "Members found 2" in words
    assert "stand on lines 5" in words
    assert left_files(people) == []


def test_without_a_look_one_press_keeps_nothing_yet(people: Shop, owner: Browser) -> None:
    """A file that was sent with «Keep» is shown first: nobody has seen how it is read."""
    answer = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="save", name="Paper")

    assert answer.status_code == 200
    assert lists(people) == ()


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        ("", "empty.csv", "The file is empty."),
        (b"PK\x03\x04 no workbook", "book.xlsx", "book.xlsx"),
        (b"\x1f\x8b broken", "packed.csv.gz", "packed.csv.gz"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    people: Shop, owner: Browser, body: bytes | str, name: str, said: str
) -> None:
    answer = upload(owner, PAGE, {"file": (body, name)}, do="look")

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert left_files(people) == []


def test_more_than_a_list_may_have_is_refused(
    people: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.console.segment_lists.MOST_ROWS", 3)
    looked = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="look")
    token = TOKEN.search(looked.get_data(as_text=True))
    assert token
    long = owner.send(PAGE, do="save", token=token[1], phone="Телефон", name="Paper")
    monkeypatch.setattr("webapp.console.segment_lists.LARGEST", 20)
    large = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="look")

    assert "A list may have up to 3 rows." in text_of(long)
    assert "A list may have up to 5 MB." in text_of(large)
    assert (long.status_code, large.status_code) == (422, 422)
    assert lists(people) == ()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phone": "Имя"}, "Not one row names a member"),
        ({}, "Say which column names the members."),
        ({"phone": "Nonsense"}, "Say which column names the members."),
        ({"phone": "Телефон", "name": ""}, "Give it a name"),
    ],
)
def test_what_cannot_be_kept_loses_nothing(
    people: Shop, owner: Browser, fields: dict[str, str], said: str
) -> None:
    looked = upload(owner, PAGE, {"file": (PEOPLE, "paper.csv")}, do="look")
    token = TOKEN.search(looked.get_data(as_text=True))
    assert token

    answer = owner.send(PAGE, **{"do": "save", "token": token[1], "name": "Paper"} | fields)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert token[1] in answer.get_data(as_text=True)
    assert lists(people) == ()


@pytest.mark.parametrize("token", ["", "../../etc", "0" * 32, "*"])
def test_a_token_that_leads_nowhere_asks_for_the_file(
    people: Shop, owner: Browser, token: str
) -> None:
    answer = owner.send(PAGE, do="save", token=token, phone="Телефон", name="Paper")

    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


def test_a_file_that_nobody_decided_about_goes_after_a_day(people: Shop, owner: Browser) -> None:
    upload(owner, PAGE, {"file": (PEOPLE, "old.csv")}, do="look")
    (old,) = left_files(people)
    os.utime(old.parent, (1, 1))

    upload(owner, PAGE, {"file": (PEOPLE, "new.csv")}, do="look")

    assert [path.name for path in left_files(people)] == ["new.csv"]


def test_an_unknown_list_is_no_page(people: Shop, owner: Browser) -> None:
    assert owner.get(f"{PAGE}/99").status_code == 404
