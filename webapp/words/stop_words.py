"""Words that nobody's invitation may carry: abuse in two languages, and the shop's own voice.

Stems in capitals, as codes are kept. Short ones that stand inside harmless words (bread, a
rouble, a team) are left out: to refuse what is innocent hurts too.
"""

from collections.abc import Iterator

RUSSIAN = (
    "ХУЙ", "ХУЕ", "ХУЯ", "ХУИЛ", "ПИЗД", "ЕБАН", "ЕБАТ", "ЕБАЛ", "УЕБО", "ПИДР", "ПЕНИС",
    "ЕБЛАН", "ЕБУЧ", "ЗАЕБ", "ВЫЕБ", "УЕБИ", "НАЕБ",
    "ПРОЕБ", "ДОЛБОЕ", "БЛЯД", "БЛЯТ", "МУДАК", "МУДИЛ", "ГОНДОН", "ГАНДОН", "ЖОПА", "ЖОПЫ",
    "СУКА", "СУЧАР", "ПИДОР", "ПИДАР", "ПЕДИК", "ГОВНО", "ГОВНЮ", "ШЛЮХ", "ДРОЧ", "ЗАЛУП", "УБЛЮД",
    "ГИТЛЕР", "ФАШИСТ", "НАЦИСТ", "ХОХЛЫ", "ЧУРКА", "НИГЕР", "НАРКОТ", "МЕФЕДР", "ТЕРРОР", "1488",
)  # fmt: skip
LATIN = ("PIZD", "SUKA", "BLYAD", "BLYAT", "NAHUI", "NAHUY", "EBAT", "PIDOR", "GOVNO", "MUDAK")
"""Russian abuse in Latin letters."""
ENGLISH = (
    "FUCK", "SHIT", "CUNT", "BITCH", "WHORE", "SLUT", "NIGG", "FAGG", "RAPIST", "PUSSY", "PENIS",
    "VAGIN", "PORN", "NAZI", "HITLER", "SIEGHEIL", "ASSHOLE", "BASTARD", "WANKER", "TWAT", "RETARD",
    "COCAIN", "TERROR", "FCUK",
)  # fmt: skip
OFFICIAL = (
    "ADMIN",
    "MODERATOR",
    "LAUREL",
    "КАССА",
    "OFFICIAL",
    "SUPPORT",
    "АДМИН",
    "ОФИЦИАЛ",
    "ПОДДЕРЖК",
)
STEMS = (*RUSSIAN, *LATIN, *ENGLISH, *OFFICIAL)
SHORTEST_NAME = 3
TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYЁ0346", "АВСЕНКМОРТХУЕОЗЧБ")
TO_LATIN = str.maketrans("АВСЕНКМОРТХУЁ0134579", "ABCEHKMOPTXYEOIEASTG")


def bare(text: str) -> str:
    """A text as codes are kept, letters and digits alone."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def readings(text: str) -> Iterator[str]:
    """A word as it is written, and as its look-alikes make it read in either alphabet."""
    plain = bare(text)
    yield plain.replace("Ё", "Е")
    yield plain.translate(TO_CYRILLIC)
    yield plain.translate(TO_LATIN)


def stems_for(shop_name: str) -> tuple[str, ...]:
    """What no word may hold in this shop: its own name among it."""
    own = bare(shop_name).replace("Ё", "Е")
    return (*STEMS, own) if len(own) >= SHORTEST_NAME else STEMS


def is_banned(typed: str, shop_name: str) -> bool:
    """Whether a word offends, or reads like the shop itself, look-alikes included."""
    stems = stems_for(shop_name)
    return any(stem in reading for reading in readings(typed) for stem in stems)
