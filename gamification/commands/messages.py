"""The words of messages, as the shop writes them; and who does not want any more of them."""

from dataclasses import dataclass

from gamification.commands.member import ConsentAnswer
from gamification.commands.owner import MOST_NEWS, change_programme, touch_definitions
from gamification.members.actions import note_consents
from gamification.notices.actions import keep_choice
from gamification.notices.copies import CHOSEN, COPIES
from gamification.notices.tables import MessageLog, MessageText
from gamification.notices.wording import (
    LOCALES,
    MOST_SUBJECT,
    MOST_TEXT,
    PLACES,
    unknown_places,
)
from gamification.refusals import InvalidSetting
from gamification.store import Store
from gamification.world import World

__all__ = [
    "LOCALES",
    "MOST_NEWS",
    "MOST_SUBJECT",
    "MOST_TEXT",
    "PLACES",
    "MessageWords",
    "Unsubscribed",
    "faults_of_words",
    "limit_news",
    "reset_words",
    "subscribe_again",
    "unsubscribe",
    "write_words",
]


@dataclass(frozen=True, slots=True)
class MessageWords:
    """Subject and text of a message in one language; names in braces stand for values."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What a goodbye took back: the consent to marketing, and kinds chosen by e-mail."""

    consent: bool
    kinds: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to take back."""
        return not self.consent and not self.kinds


Fault = tuple[str, str, str | int]
"""A field (subject, text), what is wrong with it, and a name or a bound."""


def faults_of_words(kind: str, words: MessageWords) -> list[Fault]:
    """What is wrong with words for a message of this kind; empty when nothing is."""
    found: list[Fault] = []
    fields = (("subject", words.subject, MOST_SUBJECT), ("text", words.text, MOST_TEXT))
    for name, said, most in fields:
        if not said.strip():
            found.append((name, "missing", most))
        elif len(said) > most:
            found.append((name, "too_long", most))
        elif unknown := unknown_places(kind, said):
            found.append((name, "unknown_place", unknown[0]))
    return found


def write_words(world: World, kind: str, locale: str, words: MessageWords, *, actor: str) -> bool:
    """Let a kind say this in a language from now on; False where it says so already.

    Raises:
        InvalidSetting: there is no such kind or language, or the words cannot be taken;
            `field` and `fault` say why.
    """
    _check(kind, locale)
    words = MessageWords(" ".join(words.subject.split()), _tidy(words.text))
    for name, fault, value in faults_of_words(kind, words):
        raise InvalidSetting(field=name, fault=fault, value=value)
    row = world.session.get(MessageText, (kind, locale))
    if row is not None and (row.subject, row.text) == (words.subject, words.text):
        return False
    row = row or MessageText(kind=kind, locale=locale, subject="", text="")
    row.subject, row.text = words.subject, words.text
    world.session.add(row)
    _log(world, kind, locale, actor, words)
    return True


def reset_words(world: World, kind: str, locale: str, *, actor: str) -> bool:
    """Say the shipped words again; False where they were never changed.

    Raises:
        InvalidSetting: there is no such kind or language.
    """
    _check(kind, locale)
    row = world.session.get(MessageText, (kind, locale))
    if row is None:
        return False
    world.session.delete(row)
    _log(world, kind, locale, actor, None)
    return True


def limit_news(world: World, most: int) -> None:
    """Let so many messages that nobody asked for reach a member in a day. Raises InvalidSetting."""
    change_programme(world, news_a_day=most)


def _check(kind: str, locale: str) -> None:
    if kind not in PLACES or locale not in LOCALES:
        raise InvalidSetting(field="kind", fault="unknown", value=f"{kind} {locale}")


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return "\n".join(lines)


def _log(world: World, kind: str, locale: str, actor: str, words: MessageWords | None) -> None:
    world.session.add(
        MessageLog(
            id=world.ids(),
            kind=kind,
            locale=locale,
            at=world.now,
            actor=actor,
            subject=None if words is None else words.subject,
            text=None if words is None else words.text,
        )
    )
    world.session.flush()
    touch_definitions(world)


def unsubscribe(world: World, public_id: str, answer: ConsentAnswer) -> Unsubscribed | None:
    """No more news by e-mail for a member, blocked or not; None where there is nobody.

    The consent to marketing is taken back, and so is what they chose by e-mail of what is
    news. A repeat takes back nothing and keeps nothing. What they need to know still comes.

    Args:
        answer: the no to marketing, with a mark of the words that were shown.
    """
    store = Store(world.connection)
    row = store.first(
        "SELECT m.id, COALESCE((SELECT c.given FROM consent c WHERE c.member_id = m.id"
        " AND c.purpose = 'marketing' ORDER BY c.at DESC, c.id DESC LIMIT 1), FALSE)"
        " FROM member m WHERE m.public_id = ? AND m.status <> 'erased'",
        public_id,
    )
    if row is None:
        return None
    member_id, given = int(row[0]), bool(row[1])
    chosen = store.rows(
        "SELECT kind FROM notice_choice WHERE member_id = ? AND channel = 'email' AND wanted"
        " ORDER BY kind",
        member_id,
    )
    kinds = tuple(str(kind) for (kind,) in chosen if _is_news(kind))
    if given:
        note_consents(world, member_id, (answer,), actor=f"member:{member_id}")
    for kind in kinds:
        keep_choice(world, member_id, kind=kind, channel="email", wanted=False)
    return Unsubscribed(given, kinds)


def subscribe_again(world: World, public_id: str, was: Unsubscribed, answer: ConsentAnswer) -> bool:
    """Undo a goodbye: what it took back holds again; False where there is nobody.

    Args:
        answer: the yes to marketing, with a mark of the words that were shown.
    """
    store = Store(world.connection)
    row = store.first("SELECT id FROM member WHERE public_id = ? AND status <> 'erased'", public_id)
    if row is None:
        return False
    if was.consent:
        note_consents(world, int(row[0]), (answer,), actor=f"member:{row[0]}")
    for kind in was.kinds:
        if _is_news(kind):
            keep_choice(world, int(row[0]), kind=kind, channel="email", wanted=True)
    return True


def _is_news(kind: str) -> bool:
    return kind in CHOSEN and COPIES[kind].is_news
