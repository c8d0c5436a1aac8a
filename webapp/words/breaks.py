"""Where a long word may be broken on a narrow tile: browsers often have no Russian for it."""

import re

SOFT_HYPHEN = "\u00ad"
LONG_WORD = re.compile(r"[а-яё]{10,}", re.IGNORECASE)
VOWEL, CONSONANT = "[аеёиоуыэюя]", "[бвгджзклмнпрстфхцчшщ]"
SYLLABLE_ENDS = re.compile(
    f"(?<={VOWEL})(?={CONSONANT}{VOWEL})|(?<={VOWEL}{CONSONANT})(?={CONSONANT}{VOWEL})",
    re.IGNORECASE,
)
LEAST_LETTERS = 3


def breakable(text: str) -> str:
    """The same text with soft hyphens in its long Russian words: «Один-над-ца-тая»."""
    return LONG_WORD.sub(lambda word: _hyphenated(word.group()), text)


def _hyphenated(word: str) -> str:
    places = [
        end.start()
        for end in SYLLABLE_ENDS.finditer(word)
        if LEAST_LETTERS <= end.start() <= len(word) - LEAST_LETTERS
    ]
    parts = [word[i:j] for i, j in zip([0, *places], [*places, len(word)], strict=True)]
    return SOFT_HYPHEN.join(parts)
