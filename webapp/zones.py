"""Time zones to choose from, in the reader's language."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location

from webapp.words.formats import locale


def zone_choices(now: datetime) -> list[tuple[str, str]]:
    """Zone names with «Москва, UTC+3», by the time there, then by name."""
    return list(_zones(str(locale()), now.date().isoformat()))


@lru_cache(maxsize=8)
def _zones(language: str, day: str) -> tuple[tuple[str, str], ...]:
    where, noon = Locale.parse(language), datetime.fromisoformat(f"{day}T12:00:00+00:00")
    best: dict[tuple[timedelta, str], str] = {}
    for name in sorted(known_zones()):
        offset = noon.astimezone(ZoneInfo(name)).utcoffset() or timedelta()
        city = get_timezone_location(ZoneInfo(name), locale=where, return_city=True)
        if (offset, city) not in best or is_of_its_city(name):
            best[offset, city] = name
    return tuple(
        (name, f"{city}, {utc_text(offset)}") for (offset, city), name in sorted(best.items())
    )


def is_of_its_city(name: str) -> bool:
    """Whether a zone is called like the city that stands for it, and not by an older name."""
    city = get_timezone_location(ZoneInfo(name), locale="en", return_city=True)
    return name.rpartition("/")[2].replace("_", " ").casefold() == str(city).casefold()


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Zones of places; the old names without a place are left out, but for UTC."""
    away = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "posix/")
    places = {name for name in available_timezones() if "/" in name and not name.startswith(away)}
    return frozenset({*places, "UTC"})


def utc_text(offset: timedelta) -> str:
    """«UTC+3», «UTC−3:30»."""
    minutes = int(offset.total_seconds() // 60)
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}{f':{rest:02d}' if rest else ''}"


def zone_name(name: str) -> str:
    """A zone as its city."""
    return str(get_timezone_location(zone_of(name), locale=locale(), return_city=True))


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name."""
    return ZoneInfo(name)
