"""What was typed goes back into its form, and nowhere else."""

import pytest

from webapp.kept.filling import filled
from webapp.kept.rules import MOST_LETTERS, carries_form, carrying, kept_fields

PAGE = """<!doctype html><p>Before</p>
<form method="post" action="/other"><input name="name" value="other"></form>
<form class="card"
  method="post" action="/mine" data-busy><input type="hidden" name="csrf_token" value="t">
<input class="input" id="name" name="name" type="text" value="Old" required>
<input name="birthday" type="date">
<input type="checkbox" name="agree" value="yes" checked>
<input type="radio" name="way" value="a" checked>
<input type="radio" name="way" value="b"><input type="password" name="word" value="">
<input type="hidden" name="version" value="7">
<select name="zone"><option value="" selected>as in the shop</option>
<option value="Asia/Omsk">Omsk</option></select>
<textarea name="why" rows="2">old &amp; gone</textarea></form>
<form method="post" action="/mine"><input name="name" value="twin"></form>"""


def fill(fields: dict[str, list[str]], *keeps: str) -> str:
    page = filled(PAGE, action="/mine", keeps=keeps or ("*",), fields=fields, note="<b>note</b>")
    assert page is not None
    return page


def test_every_kind_of_field_gets_what_was_typed() -> None:
    page = fill({
        "name": ['Анна "A" <b>'], "birthday": ["1990-02-03"], "way": ["b"], "zone": ["Asia/Omsk"],
        "why": ["</textarea><script>"],
    })  # fmt: skip

    assert 'name="name" type="text" value="Анна &quot;A&quot; &lt;b&gt;"' in page.replace(
        " required", ""
    )
    assert '<input name="birthday" type="date" value="1990-02-03">' in page
    assert '<input type="checkbox" name="agree" value="yes">' in page
    assert '<input type="radio" name="way" value="a">' in page
    assert '<input type="radio" name="way" value="b" checked>' in page
    assert '<option value="">as' in page
    assert '<option value="Asia/Omsk" selected>' in page
    assert ">&lt;/textarea&gt;&lt;script&gt;</textarea>" in page


def test_hidden_fields_passwords_and_other_forms_stay_as_they_are() -> None:
    page = fill({"name": ["New"], "csrf_token": ["x"], "word": ["x"], "version": ["8"]})

    assert '<form method="post" action="/other"><input name="name" value="other">' in page
    assert 'action="/mine"><input name="name" value="twin">' in page
    assert 'name="csrf_token" value="t"' in page
    assert '<input type="password" name="word" value="">' in page
    assert 'name="version" value="7"' in page
    assert page.count("<b>note</b>") == 1


def test_a_box_that_is_not_kept_stays_as_the_page_has_it() -> None:
    assert 'name="agree" value="yes" checked' in fill({"name": ["New"]}, "name")


def test_a_page_without_the_form_is_left_alone() -> None:
    assert filled(PAGE, action="/gone", keeps=("*",), fields={"name": ["x"]}, note="") is None


@pytest.mark.parametrize(
    "name", ["password", "new_password", "code", "csrf_token", "secret", "kept", "Password"]
)
def test_what_opens_a_door_is_never_kept(name: str) -> None:
    assert kept_fields([(name, ["123456"]), ("name", ["Анна"])], ("*",)) == {"name": ["Анна"]}


def test_only_declared_fields_are_kept_and_not_without_end() -> None:
    sent = [("name", ["Анна"]), ("rate-1", ["3"]), ("else", ["x"])]

    assert kept_fields(sent, ("name", "rate-*")) == {"name": ["Анна"], "rate-1": ["3"]}
    assert kept_fields([("name", ["x" * MOST_LETTERS])], ("*",)) is None


def test_the_key_travels_in_the_address_once() -> None:
    assert carrying("/a?b=1&kept=old", "new") == "/a?b=1&kept=new"
    assert carrying("/a", "new") == "/a?kept=new"
    assert carries_form("/a?b=1&kept=x")
    assert not carries_form("/kept")
