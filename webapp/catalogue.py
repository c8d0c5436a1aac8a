"""Translations, read from the .po files themselves: nothing to compile, nothing stale."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("ru", "en")
SOURCE_LANGUAGE = "en"


@lru_cache(maxsize=8)
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English is what the code itself says."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=Locale.parse(language))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Catalogue(Domain):
    """Looks sentences up in memory instead of in compiled files."""

    def get_translations(self) -> NullTranslations:
        """The catalogue for whoever reads now."""
        chosen = get_locale()
        return translations(chosen.language if chosen else SOURCE_LANGUAGE)


class LaurelBabel(Babel):
    """Flask-Babel with our catalogue. Use it where you would use `Babel`."""

    @property
    def domain_instance(self) -> Catalogue:
        """The one domain of this program."""
        return Catalogue(domain="messages", translation_directories=[])  # type: ignore[no-untyped-call]
