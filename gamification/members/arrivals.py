"""What a row of a member file changes, given what is known of its member: pure."""

from dataclasses import dataclass, field
from datetime import date

from gamification.members.rules import city_key

FIELDS = ("name", "phone", "email", "birthday", "city")


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """An answer as a file tells it; `at` in microseconds, None where the file has no time."""

    purpose: str
    given: bool
    text_version: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A row of a member file, contacts normalised, instants in microseconds.

    `city` is cleaned. `opening` points can be spent from `opening_at` (None: now) and until
    `opening_expires` (exclusive; None: never).
    """

    external_id: str
    name: str = ""
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    city: str = ""
    joined_at: int | None = None
    cards: tuple[str, ...] = ()
    consents: tuple[ConsentEntry, ...] = ()
    opening: int = 0
    opening_at: int | None = None
    opening_expires: int | None = None


@dataclass(slots=True)
class Known:
    """What is known of a member: from the tables, or from rows before in the same file."""

    name: str = ""
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    city: str = ""
    status: str = "active"
    consents: dict[str, tuple[bool, str, int]] = field(default_factory=dict)
    opening: tuple[int, int | None] | None = None


@dataclass(slots=True)
class Owners:
    """Whose a phone, an e-mail and a card are, by external id (or a mark of their own)."""

    phones: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row changes nothing: a code, the field, and the value that the file has."""

    code: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a row adds: to somebody new, or to what was empty."""

    entry: MemberEntry
    is_new: bool
    fills: dict[str, object]
    cards: tuple[str, ...]
    consents: tuple[ConsentEntry, ...]
    opening: bool

    @property
    def is_nothing(self) -> bool:
        """Whether everything was known already."""
        return not (self.is_new or self.fills or self.cards or self.consents or self.opening)


def arrival_of(
    entry: MemberEntry, known: Known | None, owners: Owners, now: int
) -> Arrival | Problem:
    """What a row adds, or why it is not taken at all.

    A file fills what is empty and overwrites nothing: a phone that a customer
    has proved must not be changed by a spreadsheet.
    """
    if problem := _problem(entry, known, owners, now):
        return problem
    before = known or Known()
    return Arrival(
        entry=entry,
        is_new=known is None,
        fills={
            name: value
            for name in FIELDS
            if (value := getattr(entry, name)) and not getattr(before, name)
        },
        cards=tuple(card for card in dict.fromkeys(entry.cards) if card not in owners.cards),
        consents=tuple(x for x in entry.consents if _is_news(x, before)),
        opening=entry.opening > 0 and before.opening is None,
    )


def _problem(entry: MemberEntry, known: Known | None, owners: Owners, now: int) -> Problem | None:
    if known is not None and known.status == "erased":
        return Problem("member_erased", "external_id", entry.external_id)
    for name, owned in (("phone", owners.phones), ("email", owners.emails)):
        value = getattr(entry, name)
        if value is not None and owned.get(value, entry.external_id) != entry.external_id:
            return Problem(f"{name}_taken", name, value)
    for card in entry.cards:
        if owners.cards.get(card, entry.external_id) != entry.external_id:
            return Problem("card_taken", "cards", card)
    expires, since = entry.opening_expires, entry.opening_at or now
    if entry.opening and expires is not None and expires <= since:
        return Problem("expired_before", "opening", str(entry.opening))
    return None if known is None else _difference(entry, known)


def _difference(entry: MemberEntry, known: Known) -> Problem | None:
    """A value of the file that contradicts what is known."""
    for name in FIELDS:
        value, before = getattr(entry, name), getattr(known, name)
        if name == "city" and value and city_key(value) == city_key(before):
            continue
        if value and before and value != before:
            return Problem("differs", name, str(value))
    opening = (entry.opening, entry.opening_expires)
    if entry.opening and known.opening is not None and known.opening != opening:
        return Problem("differs", "opening", str(entry.opening))
    return None


def _is_news(answer: ConsentEntry, known: Known) -> bool:
    """Whether an answer is later than what was said; one without a time never overrides."""
    before = known.consents.get(answer.purpose)
    if before is None:
        return True
    return answer.at is not None and answer.at > before[2]


def note_arrival(arrival: Arrival, known: Known, owners: Owners, now: int) -> None:
    """Let rows that follow see what this one brought."""
    for name, value in arrival.fills.items():
        setattr(known, name, value)
    entry = arrival.entry
    for contact, owned in ((known.phone, owners.phones), (known.email, owners.emails)):
        if contact is not None:
            owned[contact] = entry.external_id
    owners.cards.update(dict.fromkeys(arrival.cards, entry.external_id))
    for answer in arrival.consents:
        at = now if answer.at is None else answer.at
        known.consents[answer.purpose] = (answer.given, answer.text_version, at)
    if arrival.opening:
        known.opening = (entry.opening, entry.opening_expires)
