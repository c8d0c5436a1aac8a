"""Traces: keyed hashes of what two accounts of one person would share, and when they go.

A key is drawn by chance and kept beside the hashes, so a list of them that got out says
nothing; whoever has the whole database has the contacts themselves. What only passes by, a
browser or a network, is hashed with keys that live sixty days: afterwards nobody, we
included, can tell what a hash was of. What somebody paid with goes half a year after it
was seen last, and so do the phone and the mailbox of an erased member who took part in
invitations: a person is new once, whether they leave in between or not.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b

from gamification.columns import to_micros
from gamification.members.rules import normalise_phone
from gamification.store import Store

LASTING = ("phone", "email", "card", "payment")
"""Kept while the member is one: a former phone still tells who it was."""
PASSING = ("device", "network")
KEPT = timedelta(days=60)
PAID_WITH = "payment"
PAYMENT_KEPT = timedelta(days=180)
MARKS = ("phone", "email")
"""What is kept of an erased member, if they came by an invitation or invited somebody."""
MARKS_KEPT = timedelta(days=180)
EPOCH_DAYS = 30
LASTING_EPOCH = 0
GMAIL = ("gmail.com", "googlemail.com")
YANDEX = frozenset(
    ("ya.ru", "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru")
)
Trace = tuple[int, str, str]
"""Member, kind, and the value as it is."""


def mailbox_of(email: str) -> str:
    """The mailbox behind an address: without capitals, a plus part, and a provider's aliases."""
    local, _, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    if domain in YANDEX:
        return f"{local.replace('.', '-')}@yandex.ru"
    return f"{local}@{domain}"


def plain_value(kind: str, value: str) -> str:
    """A value in the form in which two of them are compared; empty when there is nothing."""
    text = value.strip()
    if kind == "email":
        return mailbox_of(text) if "@" in text else ""
    if kind == "phone":
        if text.startswith("+") and text[1:].isdigit():
            return text  # as rows keep it: parsing it again would cost more than all the rest
        return normalise_phone(text) or "".join(sign for sign in text if sign.isdigit())
    # A till's own sign for a payment: two that differ in capitals are two.
    return text if kind == PAID_WITH else text.casefold()


def trace_hash(kind: str, value: str, secret: str) -> str:
    """The keyed hash (BLAKE2b) of a value in its plain form."""
    text = f"{kind}:{value}".encode()
    return blake2b(text, key=bytes.fromhex(secret), digest_size=16).hexdigest()


def epoch_of(now: datetime) -> int:
    """Which thirty days it is; the keys of what passes change with them."""
    return (now.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days // EPOCH_DAYS


def trace_keys(store: Store, epochs: Iterable[int]) -> dict[int, str]:
    """The keys of these epochs; whichever is missing is drawn now."""
    wanted = sorted(set(epochs))
    sql = "SELECT epoch, secret FROM trace_key WHERE epoch IN (?*)"
    known = dict(store.in_list(sql, wanted))
    fresh = [(epoch, secrets.token_hex(32)) for epoch in wanted if epoch not in known]
    if not fresh:
        return known
    # Somebody may draw the same at this moment: the first one counts.
    store.insert("trace_key", fresh, conflict="ignore")
    return dict(store.in_list(sql, wanted))


def note_traces(store: Store, now: datetime, traces: Iterable[Trace]) -> None:
    """Keep traces of members, in few statements; what is known already stays as it is.

    What passes is hashed for this epoch and the one before, so that two accounts meet
    over the change of a key; of that and of a payment the latest sight counts.
    """
    plain = {
        (member_id, kind, text)
        for member_id, kind, value in traces
        if (text := plain_value(kind, value))
    }
    if not plain:
        return
    seen, latest = to_micros(now), epoch_of(now)
    epochs = dict.fromkeys(PASSING, (latest - 1, latest))
    wanted = {epoch for _, kind, _ in plain for epoch in epochs.get(kind, (LASTING_EPOCH,))}
    keys = trace_keys(store, wanted)
    rows = sorted(
        (member_id, kind, trace_hash(kind, text, keys[epoch]), seen)
        for member_id, kind, text in plain
        for epoch in epochs.get(kind, (LASTING_EPOCH,))
    )
    lasting = [row for row in rows if row[1] in LASTING and row[1] != PAID_WITH]
    renewed = [row for row in rows if row[1] in PASSING or row[1] == PAID_WITH]
    if lasting:
        store.insert("member_trace", lasting, conflict="ignore")
    if renewed:
        store.insert("member_trace", renewed, conflict="replace")


def marker(store: Store, kind: str) -> Callable[[str], str]:
    """What turns a value of a lasting kind into the hash that is kept of it."""
    key = trace_keys(store, (LASTING_EPOCH,))[LASTING_EPOCH]
    return partial(_mark_of, kind, key)


def passing_marker(kind: str) -> Callable[[str], str]:
    """As `marker`, by a key of this moment: for a look after which nothing is kept."""
    return partial(_mark_of, kind, secrets.token_hex(32))


def _mark_of(kind: str, key: str, value: str) -> str:
    return trace_hash(kind, plain_value(kind, value), key)


def note_payments(store: Store, sights: Iterable[tuple[int, str, int]]) -> None:
    """Keep what members paid with, as a file tells it: (member, mark, microseconds).

    The latest sight counts, whatever the order in which they are told.
    """
    latest: dict[tuple[int, str], int] = {}
    for member_id, mark, seen in sights:
        latest[member_id, mark] = max(seen, latest.get((member_id, mark), seen))
    known = store.in_list(
        f"SELECT member_id, hash, seen_at FROM member_trace WHERE kind = '{PAID_WITH}'"
        " AND member_id IN (?*)",
        sorted({member_id for member_id, _ in latest}),
    )
    for member_id, mark, seen in known:
        if latest.get((member_id, mark), seen + 1) <= seen:
            del latest[member_id, mark]
    rows = [(who, PAID_WITH, mark, seen) for (who, mark), seen in sorted(latest.items())]
    if rows:
        store.insert("member_trace", rows, conflict="replace")


def leaves_marks(store: Store, member_id: int) -> bool:
    """Whether marks of a member would stay after an erasure: who took part in invitations."""
    sql = "SELECT 1 FROM referral WHERE friend_id = ? OR referrer_id = ? LIMIT 1"
    return store.first(sql, member_id, member_id) is not None


def keep_marks(store: Store, member_id: int) -> None:
    """Drop the traces of a member who is erased, but for the marks that invitations need."""
    kept = MARKS if leaves_marks(store, member_id) else ()
    for kind in (*LASTING, *PASSING):
        if kind not in kept:
            store.run("DELETE FROM member_trace WHERE member_id = ? AND kind = ?", member_id, kind)


def forget_traces(store: Store, now: datetime) -> int:
    """Drop what passed sixty days ago with its keys, and payments not seen for half a year.

    The marks of members who were erased half a year ago go, too.

    Answers how much.
    """
    marks = ", ".join("?" * len(PASSING))
    gone = store.run(
        f"DELETE FROM member_trace WHERE kind IN ({marks}) AND seen_at < ?",
        *PASSING,
        to_micros(now - KEPT),
    )
    gone += store.run(
        "DELETE FROM member_trace WHERE kind = ? AND seen_at < ?",
        PAID_WITH,
        to_micros(now - PAYMENT_KEPT),
    )
    gone += store.run(
        "DELETE FROM member_trace WHERE member_id IN"
        " (SELECT id FROM member WHERE status = 'erased' AND erased_at <= ?)",
        to_micros(now - MARKS_KEPT),
    )
    latest = epoch_of(now)
    store.run("DELETE FROM trace_key WHERE epoch > ? AND epoch < ?", LASTING_EPOCH, latest - 1)
    # Drawn ahead, while nobody waits for it.
    trace_keys(store, (LASTING_EPOCH, latest, latest + 1))
    return gone
