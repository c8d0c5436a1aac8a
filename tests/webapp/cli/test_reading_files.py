"""How `laurel import` reads files: profiles to start from, and the letters of a file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import ROWS, Said
from tests.webapp.intake.running import HEADER, SALES

Laurel = Callable[..., Said]


def test_a_profile_to_start_from_reads_a_file_as_it_is(laurel: Laurel, files: Path) -> None:
    said = laurel("import", "profile")
    (files / "my-till.toml").write_text(said.out)
    (files / "till.csv").write_text(
        "receipt,card,time,article,quantity,price\n1,anna,2025-03-01 10:00,CUP,2,10.50\n"
    )

    answer = laurel("import", "purchases", "till.csv", "--profile", "my-till.toml", "--json")

    assert (said.code, said.err, answer.code) == (0, "", 0)
    assert (json.loads(answer.out)["sales"], json.loads(answer.out)["currency"]) == ("21.00", "EUR")
    assert 'return_prefix = "C"' in laurel("import", "profile", "online_retail").out
    assert "external_id" in laurel("import", "profile", "members").out
    assert "laurel import profile" in laurel("import", "purchases", "--help").out


def test_letters_that_were_guessed_are_said(laurel: Laurel, files: Path) -> None:
    (files / "old.csv").write_bytes((HEADER + ROWS.replace("anna", "Анна")).encode("cp1251"))
    words = ("import", "purchases", "old.csv", "may.csv", "--profile", "shop.toml", "--dry-run")

    said, told = laurel(*words).out.splitlines(), json.loads(laurel(*words, "--json").out)

    assert [line for line in said if "read in" in line] == ["old.csv was read in cp1251."]
    assert told["encodings"] == ["cp1251", "utf-8"]


def test_a_member_files_letters_are_said_too(laurel: Laurel, files: Path) -> None:
    laurel("import", "purchases", "may.csv", "--profile", "shop.toml")
    (files / "people.csv").write_bytes("id,name\nzoe,Зоя\n".encode("cp1251"))
    words = ("import", "members", "people.csv", "--dry-run")

    said, told = laurel(*words).out.splitlines(), json.loads(laurel(*words, "--json").out)

    assert "people.csv was read in cp1251." in said
    assert told["encoding"] == "cp1251"


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("over", ["may.csv", "shop.toml", "goods.csv"])
def test_rejects_take_the_place_of_nothing_that_is_read(
    laurel: Laurel, files: Path, over: str, link: bool
) -> None:
    lookup = '[category]\nfile = "goods.csv"\nkey = "sku"\nvalue = "group"\n'
    (files / "shop.toml").write_text(SALES + lookup)
    (files / "goods.csv").write_text("sku,group\nCUP,cups\n")
    target = files / "link.csv" if link else files / over
    if link:
        target.symlink_to(files / over)
    before = (files / over).read_bytes()
    words = ("import", "purchases", "may.csv", "--profile", "shop.toml", "--rejects")

    said = laurel(*words, str(target))

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert str(target) in said.err
    assert (files / over).read_bytes() == before
    assert laurel("report", "members").code == 2, "nothing was recorded"


def test_the_usual_list_of_rejects_is_no_input(laurel: Laurel, files: Path) -> None:
    (files / "may.csv.rejects.csv").write_text(HEADER + ROWS)
    words = ("import", "purchases", "may.csv", "may.csv.rejects.csv", "--profile", "shop.toml")

    assert laurel(*words).code == 2
    assert (files / "may.csv.rejects.csv").read_text() == HEADER + ROWS


@pytest.mark.parametrize("over", ["people.csv", "people.toml"])
def test_nor_do_those_of_members(laurel: Laurel, files: Path, over: str) -> None:
    laurel("init", "--currency", "RUB")
    (files / "people.toml").write_text('[columns]\nexternal_id = "id"\nphone = "phone"\n')
    before = (files / over).read_bytes()
    words = ("import", "members", "people.csv", "--profile", "people.toml")

    assert laurel(*words, "--rejects", over).code == 2
    assert (files / over).read_bytes() == before
