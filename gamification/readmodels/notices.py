"""What the outbox and a member's inbox look like from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from gamification.achievements.tables import Achievement, AchievementText
from gamification.members.tables import Member
from gamification.notices import queries
from gamification.notices.copies import COPIES
from gamification.notices.queries import InboxItem, Parcel, inbox, unread_count
from gamification.notices.tables import MessageText, Notice
from gamification.notices.wording import PLACES
from gamification.programme import ProgrammeRow
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.tiers.tables import Tier
from gamification.world import World

__all__ = [
    "InboxItem",
    "OutboxRow",
    "challenge_texts",
    "counts_by_state",
    "inbox",
    "is_news",
    "letter_values",
    "oldest_open",
    "outbox",
    "unread_count",
]

counts_by_state = queries.counts_by_state
oldest_open = queries.oldest_open


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message of the outbox, whatever became of it."""

    id: int
    kind: str
    channel: str
    purpose: str
    member_id: int | None
    recipient: str | None
    locale: str
    payload: dict[str, Any]
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    last_error: str | None


def outbox(world: World, *, state: str | None = None, limit: int = 200) -> list[OutboxRow]:
    """The latest messages, oldest of them first."""
    return [_row(notice) for notice in queries.outbox(world, state=state, limit=limit)]


def _row(notice: Notice) -> OutboxRow:
    return OutboxRow(**{name: getattr(notice, name) for name in OutboxRow.__dataclass_fields__})


def letter_values(world: World, parcel: Parcel) -> dict[str, Any]:
    """What the words of a message need: its payload, the shop, and names people gave.

    `tier` and `medal` become `Named`; a medal without a shop's own text has no names. Each of
    `medals` gets `names` beside what it is.
    `on` becomes a date.
    """
    row = world.session.exec(select(ProgrammeRow.name, ProgrammeRow.currency)).first()
    values: dict[str, Any] = dict(parcel.payload)
    values["shop"], values["currency"] = row or ("Laurel", None)
    for name, find in {"tier": _named_tier, "medal": _named_medal}.items():
        if isinstance(values.get(name), str):
            values[name] = find(world, values[name])
    if "medals" in values:
        values["medals"] = [
            {"names": _named_medal(world, one["medal"]).names} | one for one in values["medals"]
        ]
    if isinstance(values.get("on"), str):
        values["on"] = date.fromisoformat(values["on"])
    if parcel.member_id is not None and parcel.channel == "email":
        mine = select(Member.public_id, Member.name).where(Member.id == parcel.member_id)
        values["public_id"], values["name"] = world.session.exec(mine).first() or ("", "")
    if parcel.kind in PLACES:
        values |= challenge_values(Store(world.connection), values)
        own = select(MessageText).where(MessageText.kind == parcel.kind)
        values["said"] = {row.locale: (row.subject, row.text) for row in world.session.exec(own)}
    return values


def is_news(parcel: Parcel) -> bool:
    """Whether a message leaves the house as news that its reader may have no more of."""
    rule = COPIES.get(parcel.kind)
    return rule is not None and rule.is_news and parcel.channel == "email"


def challenge_values(store: Store, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of its challenge by language: names, a sentence, an invitation.

    Names that the message itself keeps stay.
    """
    code = values.get("challenge")
    if not isinstance(code, str):
        return {}
    found = challenge_texts(store, [code]).get(code, {})
    return found | {name: values[name] for name in ("names",) if name in values}


def challenge_texts(store: Store, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """As `challenge_values`, of several challenges by their codes."""
    rows = store.in_list(
        "SELECT c.code, t.locale, t.name, t.about, t.invitation FROM challenge_text t"
        " JOIN challenge c ON c.id = t.challenge_id WHERE c.code IN (?*)",
        sorted(set(codes)),
    )
    found: dict[str, dict[str, Any]] = {}
    for code, locale, name, about, invitation in rows:
        texts = found.setdefault(code, {"names": {}, "abouts": {}, "invitations": {}})
        texts["names"][locale], texts["abouts"][locale] = name, about
        texts["invitations"][locale] = invitation
    return found


def _named_tier(world: World, code: str) -> Named:
    names = world.session.exec(select(Tier.names).where(Tier.code == code)).first()
    return Named(code, names or {})


def _named_medal(world: World, code: str) -> Named:
    texts = (
        select(AchievementText.locale, AchievementText.name)
        .join(Achievement, col(Achievement.id) == col(AchievementText.achievement_id))
        .where(col(Achievement.code) == code)
    )
    return Named(code, dict(world.session.exec(texts).all()))
