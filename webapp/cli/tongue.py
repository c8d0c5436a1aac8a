"""The language of the terminal: what its environment asks for, Russian or English."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask

from webapp.catalogue import LANGUAGES, SOURCE_LANGUAGE, LaurelBabel


def terminal_language(environ: Mapping[str, str] | None = None) -> str:
    """The first language among LC_ALL, LC_MESSAGES and LANG that we speak, else English."""
    found = os.environ if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := found.get(name, ""):
            language = value[:2].lower()
            return language if language in LANGUAGES else SOURCE_LANGUAGE
    return SOURCE_LANGUAGE


@contextmanager
def speaking(language: str | None = None) -> Iterator[None]:
    """Within it, sentences come in a language; the terminal's own unless told."""
    app = Flask("terminal")
    LaurelBabel(app, default_locale=language or terminal_language())  # type: ignore[no-untyped-call]
    with app.app_context():
        yield
