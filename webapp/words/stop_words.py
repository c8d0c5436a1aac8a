"""Words that nobody's invitation may carry: abuse in two languages, and the shop's own voice.

Stems in capitals, as codes are kept. Short ones that stand inside harmless words (bread, a
rouble, a team) are left out, and harmless words that hold a longer one are listed: to refuse
what is innocent hurts too.
"""

import re
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
INNOCENT = re.compile(
    "|".join((
        # insure, fret, hatch: -ХУЙ and its like end many a command
        "(?:СТРА|ПСИ|ШТРИ)ХУ[ЙЕЯ]", "СКИПИДАР",
        "(?:ТРЕ|СКОР|СЛА|ЛЮ|ГЛУ|СУГУ|ДО|ДРО|ГРА)БЛЯТ",
        "(?:КОЛ|СТ|Ч|КЛ|ХЛ|Ш|КУЛ|СКР)ЕБАН", "НЕБАН[АК]",
        "(?:Д|КОЛ|ГР|ХЛ|СТ|СКР)ЕБАТ", "(?:КОЛ|ГР|ХЛ|СТ|Д|Ш|СКР)ЕБАЛ", "РЕБАЛАНС", "НЕБАЛ[УО]",
        "ЛЕБЛАН", "(?:УЧ|ТР|ХЛ)ЕБУЧ", "(?:ВЕ|БЕ|КЕ|БО)ДРОЧ", "КЛУБЛЮД", "(?:ДО|ПЕ)ЧУРКА",
        "ПЕДИК[ЮУ]", "[ОИ]ПЕДИК", "НИГЕРИ", "БАРСУКА", "СУКА(?:ЧЕВ|РНО)", "^АСУКА",
        "КАССА(?:НДР|ЦИ|Т|НО)", "ЧЕРКАССА", "БАДМИН",
        "SHI?ITAKE", "(?:YAMA|MATSU|KINO|MIYA|MORI|TAKE|KURO|WA|^A|^I)SHITA",
        "YOSHIT(?:S|AK|O)", "KUROSHITSU", "(?:LI[FP]|WAR)SHITZ", "GSHITZE",
        "TWAT(?:ER|CH)", "(?:T|^A|YA|YOKO)SUKA", "SUKA(?:RN|NY|BU)", "P?ASUKAN", "^MASUKA",
        "(?:D|R|S|L|C)EBAT", "EBATH", "SCUNTHORPE", "CUNTO", "CIRCUNT", "SLUTSK", "IGSLUTTER",
        "PENIS(?:OL|TON|COLA|ILI)", "TOPPENISH", "TH?ERAPIST", "(?:^R|S|L)AVAGIN|LVAGIN|AUVAGIN",
        "^SPORN", "(?:AN|TER)SPORN", "PORNI[CV]", "AGAPORN", "(?:DIS|PRO|COM|IM)PORN",
        "NAZIO", "NAZI[RMFAK]$", "(?:IG|BE|KE|GE|MO)NAZI", "NAZIROVA|NAZIMOVA",
        "BADMIN", "SCHLADMING", "PADMINI", "SNIGGER", "NIGGL", "NIGGARD",
        "RUMMENIGG", "CANIGG", "SCHNIGG", "KNIGGE", "ONIGG", "FAGG(?:I(?!NG)|E[TL])", "OFFAGG",
        "EHITLER", "CUPIDOR", "NAHUIZ", "HOSPIZD", "PUSSY(?:CAT|WILL)", "OCTOPUSSY",
        "RETARDANT", "WHOREAD", "[A-Z]ОХУЕТН",
    ))
)  # fmt: skip
"""Harmless words, or enough of them, that hold a stem: badgers, debates, therapists, salt water."""
CYRILLIC, ASCII = re.compile("[\u0400-\u04ff]"), re.compile("[A-Z]")
IN_CYRILLIC = tuple(stem for stem in STEMS if CYRILLIC.search(stem))
IN_LATIN = tuple(stem for stem in STEMS if not CYRILLIC.search(stem))
SHORTEST_NAME = 3
TO_CYRILLIC = str.maketrans("ABCEHIKMOPTXYЁ01346", "АВСЕНИКМОРТХУЕОИЗЧБ")
TO_LATIN = str.maketrans("АВСЕНКМОРТХУЁ0134579", "ABCEHKMOPTXYEOIEASTG")


def bare(text: str) -> str:
    """A text as codes are kept, letters and digits alone."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def readings(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A word as it is written, and as its look-alikes make it read, each with stems to look for.

    A Russian word is read as a Latin one only where the eye could: when all of it looks so,
    or when the alphabets are mixed.
    """
    plain = bare(text)
    yield plain.replace("Ё", "Е"), STEMS
    yield plain.translate(TO_CYRILLIC), IN_CYRILLIC
    latin = plain.translate(TO_LATIN)
    if not CYRILLIC.search(latin) or ASCII.search(plain):
        yield latin, IN_LATIN


def is_banned(typed: str, shop_name: str) -> bool:
    """Whether a word offends, or reads like the shop itself, look-alikes included.

    Looked at whole and piece by piece: a dash hides nothing, and makes nothing innocent.
    """
    own = bare(shop_name).replace("Ё", "Е")
    for piece in {typed, *re.split(r"[\W_]+", typed)}:
        for reading, stems in readings(piece):
            rest = INNOCENT.sub(".", reading)
            if any(stem in rest for stem in stems) or (
                len(own) >= SHORTEST_NAME and own in reading
            ):
                return True
    return False
