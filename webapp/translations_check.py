"""The catalogues of translations: brought up to date, and held to completeness.

`python -m webapp.translations_check update` reads the sources and renews every .po file;
`check()` tells what is missing. Nothing is compiled to disk: webapp/catalogue.py reads .po.
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from webapp.catalogue import FOLDER, LANGUAGES, SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parent.parent
PYTHON, JINJA = [("**.py", "python")], [("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": None,
}
JINJA_OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def template_folder() -> Path:
    """Templates beside the source, or inside an installed wheel."""
    beside = ROOT / "templates"
    return beside if beside.exists() else ROOT / "webapp" / "_templates"


def found() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str]]]:
    """Every sentence of the sources: file, line, message, comments."""
    for folder, methods, options in (
        (ROOT / "webapp", PYTHON, None),
        (template_folder(), JINJA, JINJA_OPTIONS),
    ):
        for name, line, message, comments, _context in extract_from_dir(
            folder, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            yield f"{folder.name}/{name}", line, message, comments


def source_catalogue() -> Catalog:
    """What the sources say now, without line numbers, so that a moved line changes nothing."""
    catalogue = Catalog(project="Laurel", copyright_holder="The Laurel authors", charset="utf-8")
    for name, _line, message, comments in found():
        catalogue.add(message, locations=[(name, 0)], auto_comments=comments)
    return catalogue


def stored(language: str) -> Catalog | None:
    """The catalogue in the repository."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return None
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update() -> None:
    """Bring every .po file to what the sources say; new sentences come in empty."""
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        catalogue = stored(language) or Catalog(locale=language, project="Laurel")
        catalogue.update(source_catalogue(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = FOLDER / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = BytesIO()
        write_po(text, catalogue, width=98, sort_output=True, omit_header=True)
        path.write_bytes(header(catalogue).encode() + text.getvalue())


def header(catalogue: Catalog) -> str:
    """What other tools want to know; no dates, so that nothing changes without a change."""
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    lines = (
        f"Language: {catalogue.locale}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural}",
    )
    entries = "\n".join(f'"{line}\\n"' for line in lines)
    return f'msgid ""\nmsgstr ""\n{entries}\n\n'


def check() -> list[str]:
    """What is wrong, one line each: missing, fuzzy, stale sentences, lost placeholders."""
    wanted, wrong = source_catalogue(), list[str]()
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        wrong += hidden(path.relative_to(ROOT).as_posix(), path.read_text())
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        catalogue = stored(language)
        if catalogue is None:
            wrong.append(f"{language}: there is no catalogue")
            continue
        wrong += compared(language, wanted, catalogue)
    return wrong


def hidden(name: str, source: str) -> Iterator[str]:
    """Sentences inside f-strings: before Python 3.12 the extraction takes them for plain text."""
    for text in ast.walk(ast.parse(source)):
        if not isinstance(text, ast.JoinedStr):
            continue
        for call in ast.walk(text):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS:
                yield f"{name}:{call.lineno}: a sentence inside an f-string is never translated"


def compared(language: str, wanted: Catalog, catalogue: Catalog) -> Iterator[str]:
    """The differences of one language from the sources."""
    for message in wanted:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None:
            yield f"{language}: missing from the catalogue: {title(message)}"
        else:
            yield from spoken(language, translated, catalogue.num_plurals)
    for message in catalogue:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{language}: no longer in the sources: {title(message)}"


def spoken(language: str, message: Message, forms: int) -> Iterator[str]:
    """What is wrong with one translation."""
    texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    if not all(texts) or (message.pluralizable and len(texts) != forms):
        yield f"{language}: not translated: {title(message)}"
        return
    if message.fuzzy:
        yield f"{language}: fuzzy: {title(message)}"
    sources = message.id if isinstance(message.id, list | tuple) else (message.id,)
    names = set(PLACEHOLDER.findall(sources[-1]))
    for text in texts:
        if set(PLACEHOLDER.findall(text or "")) - {"n"} != names - {"n"}:
            yield f"{language}: other placeholders: {title(message)}"
            return


def title(message: Message) -> str:
    """The sentence as the sources say it."""
    return message.id[0] if isinstance(message.id, list | tuple) else str(message.id)


def main(words: list[str]) -> int:
    """`update` renews the catalogues; without a word only looks."""
    if words == ["update"]:
        update()
    wrong = check()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
