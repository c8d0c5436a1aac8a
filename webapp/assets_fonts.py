"""Cut a typeface to the letters that pages use; only webapp/assets_vendor.py asks for it.

Needs fonttools and brotli, which nothing else here does: `pip install fonttools brotli`.
"""

from dataclasses import dataclass
from io import BytesIO

FEATURES = ["kern", "mark", "mkmk", "tnum", "locl", "calt", "liga", "ccmp"]
LATIN = "U+20-7E, U+A0-BB, U+D7, U+2009, U+2010-2026, U+202F, U+2212"
CYRILLIC = "U+400-45F, U+490-491, U+4B0-4B1, U+2116"
SIGNS = "U+2039-203A, U+2190-2193, U+2713, U+20AC"
WEIGHTS = (400, 720)


@dataclass(frozen=True)
class Cut:
    """One font file of ours: from which file of the package, with which letters and weights."""

    source: str
    target: str
    letters: str
    weights: tuple[int, int] | None = None


ONEST = (
    Cut("onest-latin-wght-normal", "onest-latin", f"{LATIN}, {SIGNS}", WEIGHTS),
    Cut("onest-cyrillic-wght-normal", "onest-cyrillic", CYRILLIC, WEIGHTS),
    Cut("onest-latin-ext-wght-normal", "onest-money", "U+20A1-20AB, U+20AD-20BF", WEIGHTS),
    Cut("onest-latin-wght-normal", "onest-accents", "U+BC-D6, U+D8-FF", WEIGHTS),
)
UNBOUNDED = (
    Cut("unbounded-latin-600-normal", "unbounded-latin", LATIN),
    Cut("unbounded-cyrillic-600-normal", "unbounded-cyrillic", "U+400-45F, U+490-491"),
)


def cut_font(content: bytes, cut: Cut) -> bytes:
    """A woff2 file with the named letters and weights only, and without hints for old screens."""
    from fontTools.subset import Options, Subsetter, parse_unicodes, save_font
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(BytesIO(content), recalcTimestamp=False)
    if cut.weights:
        instancer.instantiateVariableFont(font, {"wght": cut.weights}, inplace=True)
    options = Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(cut.letters))
    subsetter.subset(font)
    written = BytesIO()
    save_font(font, written, options)
    return written.getvalue()
