"""The messages that a shop may write itself: their words, who changed them, people to try on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gamification.columns import from_micros
from gamification.definitions import current_definitions
from gamification.notices.copies import COPIES
from gamification.notices.wording import LOCALES, MOST_SUBJECT, MOST_TEXT, PLACES, fill
from gamification.programme import ProgrammeRow
from gamification.readmodels.notices import challenge_texts
from gamification.store import Store
from gamification.world import World

__all__ = [
    "COPIED",
    "LOCALES",
    "MOST_SUBJECT",
    "MOST_TEXT",
    "PLACES",
    "MessageChange",
    "MessageDesk",
    "Sample",
    "fill",
    "message_desk",
]

COPIED = frozenset(kind for kind in PLACES if kind in COPIES)
"""Kinds of these that also leave the house."""
MOST_SAMPLES, MOST_CHANGES = 3, 20


@dataclass(frozen=True, slots=True)
class MessageChange:
    """A change of words: when (in the shop's zone), by whom; no words: the shipped ones."""

    at: datetime
    actor: str
    locale: str
    subject: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A member to look at a message as."""

    name: str
    locale: str


@dataclass(frozen=True, slots=True)
class MessageDesk:
    """What the page of messages needs.

    `said` are the shop's own subject and text by kind and language; `challenge` names, a
    sentence and an invitation of the latest challenge by language, empty before the first.
    """

    shop: str
    currency: str
    news_a_day: int
    said: Mapping[str, Mapping[str, tuple[str, str]]]
    changes: tuple[MessageChange, ...]
    samples: tuple[Sample, ...]
    challenge: Mapping[str, Any]
    now: datetime


def message_desk(world: World, kind: str | None = None) -> MessageDesk:
    """The words of all kinds; of one kind also who changed them, and members to try them on.

    Raises:
        ProgrammeMissing: there is no programme yet.
    """
    definitions, store = current_definitions(world.session), Store(world.connection)
    programme = definitions.programme
    row = world.session.get(ProgrammeRow, 1)
    changes: tuple[MessageChange, ...] = ()
    samples: tuple[Sample, ...] = ()
    challenge: Mapping[str, Any] = {}
    if kind is not None:
        changes = tuple(
            MessageChange(from_micros(at).astimezone(programme.zone), *rest)
            for at, *rest in store.rows(
                "SELECT at, actor, locale, subject, text FROM message_log WHERE kind = ?"
                " ORDER BY id DESC LIMIT ?",
                *(kind, MOST_CHANGES),
            )
        )
        samples = _samples(store)
        challenge = _latest_challenge(store)
    return MessageDesk(
        shop=programme.name,
        currency=programme.currency,
        news_a_day=row.news_a_day if row else 1,
        said=definitions.sayings,
        changes=changes,
        samples=samples,
        challenge=challenge,
        now=world.now.astimezone(programme.zone),
    )


def _samples(store: Store) -> tuple[Sample, ...]:
    rows = store.rows(
        "SELECT name, locale FROM member WHERE status = 'active' AND name <> ''"
        " AND leaving_at IS NULL ORDER BY id DESC LIMIT ?",
        MOST_SAMPLES,
    )
    return tuple(Sample(str(name), str(locale)) for name, locale in rows)


def _latest_challenge(store: Store) -> Mapping[str, Any]:
    row = store.first(
        "SELECT code FROM challenge WHERE state NOT IN ('draft', 'archived')"
        " ORDER BY id DESC LIMIT 1"
    )
    return {} if row is None else challenge_texts(store, [row[0]]).get(row[0], {})
