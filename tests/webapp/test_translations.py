"""Everything a person reads is said in both languages, and the check would notice."""

import pytest
from babel.messages.catalog import Catalog

from webapp import translations_check
from webapp.catalogue import translations
from webapp.translations_check import check, compared, hidden, source_catalogue


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    """What the sources say: reading all of them takes seconds."""
    return source_catalogue()


def test_nothing_is_missing_fuzzy_or_stale(
    wanted: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations_check, "source_catalogue", lambda: wanted)

    assert check() == []


def test_russian_has_its_three_forms() -> None:
    russian = translations("ru")

    said = [russian.ungettext("%(n)s day", "%(n)s days", n) for n in (1, 2, 5, 11, 21, 22)]

    assert said == [
        "%(n)s день", "%(n)s дня", "%(n)s дней", "%(n)s дней", "%(n)s день", "%(n)s дня",
    ]  # fmt: skip


def test_english_is_what_the_sources_say() -> None:
    assert translations("en").gettext("Why this many?") == "Why this many?"


SPEND = "%(points)s to spend"
SAID: dict[str | tuple[str, str], str | tuple[str, ...]] = {
    "Home": "Главная",
    "%(points)s to spend": "Можно потратить %(points)s",
    ("%(n)s day", "%(n)s days"): ("%(n)s день", "%(n)s дня", "%(n)s дней"),
}


def small(**changes: str | tuple[str, ...] | None) -> Catalog:
    """A small Russian catalogue with some translations changed, or taken out when None."""
    catalogue = Catalog(locale="ru")
    for source, text in SAID.items():
        key = source if isinstance(source, str) else source[0]
        said = changes.get(key, text)
        if said is not None:
            catalogue.add(source, string=said)
    return catalogue


def test_a_sound_catalogue_has_nothing_to_tell() -> None:
    assert list(compared("ru", small(), small())) == []


@pytest.mark.parametrize(
    ("source", "text", "complaint"),
    [
        ("Home", None, "ru: missing from the catalogue: Home"),
        ("Home", "", "ru: not translated: Home"),
        (SPEND, "потратить %(point)s", f"ru: other placeholders: {SPEND}"),
        ("%(n)s day", ("%(n)s день", "", "%(n)s дней"), "ru: not translated: %(n)s day"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(
    source: str, text: str | tuple[str, ...] | None, complaint: str
) -> None:
    assert list(compared("ru", small(), small(**{source: text}))) == [complaint]


def test_a_fuzzy_and_a_stale_sentence_are_named() -> None:
    catalogue = small()
    catalogue["Home"].flags.add("fuzzy")
    catalogue.add("Nobody says this", string="Так никто не говорит")

    found = list(compared("ru", small(), catalogue))

    assert found == ["ru: fuzzy: Home", "ru: no longer in the sources: Nobody says this"]


def test_the_sources_are_read_in_python_and_in_templates(wanted: Catalog) -> None:
    assert "Rounded down to whole points" in wanted
    assert "You can spend" in wanted


def test_a_sentence_inside_an_f_string_is_named() -> None:
    source = "said = _('Plain')\nline = f'{said} {_(\"Both\")}'\n"

    assert list(hidden("words.py", source)) == [
        "words.py:2: a sentence inside an f-string is never translated"
    ]


def test_a_wrong_catalogue_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations_check, "check", lambda: ["ru: not translated: Home"])

    assert translations_check.main([]) == 1
