"""What counted towards a medal: the latest activities that its own measure counts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from gamification.activities.queries import ACT_COLUMNS, with_lines
from gamification.case import Act
from gamification.columns import from_micros, to_micros
from gamification.measures.catalogue import (
    Best,
    Count,
    Distinct,
    Gap,
    Keyed,
    Spec,
    Streak,
    Sum,
    Where,
    Within,
)
from gamification.measures.compiled import keys_of, numbers_of
from gamification.readmodels.faces import Faces, MedalFace
from gamification.store import Store

LOOKED_AT = 120
"""How many activities are asked; older ones are in the history."""
NAMING = ("category", "store", "channel")
Adds = Callable[[Act], list[tuple[int, str | None]]]


class Counted(NamedTuple):
    """An activity that counted: how much it added, or what new thing it brought."""

    row: str  # its key in the history
    type: str
    at: datetime
    amount_minor: int | None
    place: str | None
    added: int
    brought: str | None = None


def read_counted(
    store: Store,
    faces: Faces,
    face: MedalFace,
    member_id: int,
    period: str,
    now: datetime,
    most: int,
) -> tuple[Counted, ...]:
    """The latest activities that counted, newest first, in two statements."""
    spec = faces.definitions.book.specs[face.measure_id]
    narrow, params = narrowed(spec, face, member_id)
    rows = store.rows(
        f"SELECT {ACT_COLUMNS} FROM activity WHERE member_id = ? AND occurred_at <= ?"
        f" AND state IN ('counted', 'partly_returned'){narrow}"
        " ORDER BY occurred_at DESC, id DESC LIMIT ?",
        member_id,
        to_micros(now),
        *params,
        LOOKED_AT,
    )
    adds, found = adding(spec, period), list[Counted]()
    for act in with_lines(store, rows):
        if act.type == "purchase" and act.amount_left <= 0:
            continue
        for added, brought in adds(act):
            found.append(_counted(act, added, brought, faces))
        if len(found) >= most:
            break
    return tuple(found[:most])


def _counted(act: Act, added: int, brought: str | None, faces: Faces) -> Counted:
    return Counted(
        row=f"{act.occurred}.{act.id}",
        type=act.type,
        at=from_micros(act.occurred).astimezone(faces.definitions.programme.zone),
        amount_minor=act.amount if act.is_receipt else None,
        place=act.store,
        added=added,
        brought=brought,
    )


def adding(spec: Spec, period: str) -> Adds:
    """What one activity adds to a measure; keys seen on a newer one add nothing more."""
    if isinstance(spec, Sum):
        return lambda act: [(spec.number(act), None)] if spec.number(act) > 0 else []
    if isinstance(spec, Count):
        numbers = numbers_of(spec)
        return lambda act: [(n, None)] if (n := numbers(act).get(period, 0)) > 0 else []
    if isinstance(spec, Distinct | Streak):
        return _new_keys(spec)
    return lambda act: [(1, None)]


def _new_keys(spec: Keyed) -> Adds:
    kind = spec.key_kind()
    keys, seen = keys_of(kind, spec.where), set[str]()

    def adds(act: Act) -> list[tuple[int, str | None]]:
        came = {key[:10] if kind == "moment" else key for key in keys(act)} - seen
        seen.update(came)
        if kind in NAMING:
            return [(1, key) for key in sorted(came)]
        return [(1, None)] if came else []

    return adds


def narrowed(spec: Spec, face: MedalFace, member_id: int) -> tuple[str, list[Any]]:
    """Conditions that leave out what cannot count, so that few activities are looked at."""
    if isinstance(spec, Gap | Within | Best):
        return (
            " AND id IN (SELECT activity_id FROM award WHERE member_id = ?"
            " AND achievement_id = ? AND status = 'active')",
            [member_id, face.id],
        )
    if isinstance(spec, Sum):
        return " AND type = 'purchase'", []
    assert isinstance(spec, Count | Keyed), "no other measure is there"
    parts = [_among("type", spec.events), *_where_parts(spec.where)]
    if isinstance(spec, Distinct) and spec.of == "birthday":
        parts.append((" AND CAST(judged AS TEXT) LIKE ?", ['%"birthday"%']))
    return "".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _where_parts(where: Where) -> Iterator[tuple[str, list[Any]]]:
    for column, wanted in (("store", where.stores), ("channel", where.channels)):
        if wanted:
            yield _among(column, wanted)
    if where.lines_from:
        yield " AND line_count >= ?", [where.lines_from]
    if where.amount_from:
        yield " AND amount_left >= ?", [where.amount_from]
    if where.hours:
        spans = [_span_sql(start, end) for start, end in where.hours]
        yield f" AND ({' OR '.join(spans)})", []
    if where.categories:
        sql, params = _among("l.category", where.categories)
        yield (
            f" AND EXISTS (SELECT 1 FROM activity_line l WHERE l.activity_id = activity.id{sql})",
            params,
        )


def _among(column: str, wanted: tuple[str, ...]) -> tuple[str, list[Any]]:
    return f" AND {column} IN ({', '.join('?' * len(wanted))})", list(wanted)


def _span_sql(start: int, end: int) -> str:
    """Local minutes of a half-open span that may run over midnight."""
    joint = "AND" if start < end else "OR"
    return f"(local_minute >= {int(start)} {joint} local_minute < {int(end)})"
