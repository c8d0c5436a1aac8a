"""Each condition as one statement that finds members, on either engine.

`{who}` in a statement is where the few members go whom alone somebody asks about; its
marks come before all others.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gamification.audiences.conditions import (
    BirthdayMonth,
    Bought,
    Condition,
    Consented,
    Frequency,
    HasMedal,
    InCity,
    InStage,
    InTier,
    Invited,
    Inviter,
    Joined,
    NotBought,
    OfValue,
    OnList,
    Recency,
    Spend,
    Stage,
    Value,
    Visited,
)
from gamification.audiences.moments import COUNTED, KEPT, Moment
from gamification.audiences.stages import Purchases, Rhythm, stage_of, value_of
from gamification.members.rules import city_key

Row = Any


@dataclass(frozen=True, slots=True)
class Question:
    """A statement whose rows begin with a member's id.

    `column` is that id within the statement; `judge` says of a row whether it counts, None:
    every row does. `others` turns it round: the members who were not found are meant.
    """

    sql: str
    params: tuple[Any, ...] = ()
    column: str = "a.member_id"
    judge: Callable[[Row], bool] | None = None
    others: bool = False


def marks(values: tuple[Any, ...]) -> str:
    """As many marks as there are values."""
    return ", ".join("?" * len(values))


def question_of(condition: Condition, moment: Moment) -> Question:
    """What to ask the tables; a saved segment has no question of its own."""
    asked: Callable[[Any, Moment], Question] = ASKED[type(condition)]
    return asked(condition, moment)


def asks_rhythm(condition: Condition) -> bool:
    """Whether the answer depends on how the shop's customers buy."""
    return isinstance(condition, InStage | OfValue)


def _tier(asked: InTier, moment: Moment) -> Question:
    """The decision that held: what a later fact undid never did, markers decide nothing.

    Of the day itself only what was decided before: by the clock, or by an earlier act.
    Reviews are as the night has booked them. Who was never decided about is on the first.
    """
    day = moment.today.isoformat()
    return Question(
        "SELECT m.id FROM member m WHERE {who}COALESCE("
        "(SELECT l.tier_id FROM standing_log l LEFT JOIN activity a ON a.id = l.activity_id"
        " WHERE l.member_id = m.id AND l.voided_by IS NULL"
        " AND l.reason NOT IN ('withdrawn', 'restored') AND l.effective_from <= ?"
        " AND (l.effective_from < ? OR a.id IS NULL OR a.occurred_at < ?)"
        " ORDER BY l.effective_from DESC, l.id DESC LIMIT 1),"
        " (SELECT t.id FROM tier t ORDER BY t.position LIMIT 1))"
        f" IN (SELECT t.id FROM tier t WHERE t.code IN ({marks(asked.tiers)}))",
        (day, day, moment.at, *asked.tiers),
        column="m.id",
    )


def _recency(asked: Recency, moment: Moment) -> Question:
    start = moment.since(asked.days)
    if asked.within:
        return _with_purchase((start, moment.at))
    return Question(
        f"SELECT a.member_id FROM activity a WHERE {{who}}{KEPT} AND a.occurred_at < ?"
        " GROUP BY a.member_id HAVING MAX(a.occurred_at) < ?",
        (moment.at, start),
    )


def _bounded(asked: Frequency | Spend, moment: Moment, which: str, number: str) -> Question:
    head = (
        f"SELECT a.member_id FROM activity a WHERE {{who}}{which}"
        " AND a.occurred_at >= ? AND a.occurred_at < ? GROUP BY a.member_id HAVING "
    )
    span = (moment.since(asked.days), moment.at)
    if asked.at_least is None:
        return Question(f"{head}{number} > ?", (*span, asked.at_most), others=True)
    if asked.at_most is None:
        return Question(f"{head}{number} >= ?", (*span, asked.at_least))
    return Question(
        f"{head}{number} >= ? AND {number} <= ?", (*span, asked.at_least, asked.at_most)
    )


def _frequency(asked: Frequency, moment: Moment) -> Question:
    return _bounded(asked, moment, KEPT, "COUNT(*)")


def _spend(asked: Spend, moment: Moment) -> Question:
    which = f"a.type IN ('purchase', 'return') AND {COUNTED}"
    return _bounded(asked, moment, which, "SUM(a.amount_left)")


def _with_purchase(
    span: tuple[int, int],
    also: str = "",
    *,
    join: str = "",
    params: tuple[Any, ...] = (),
    others: bool = False,
) -> Question:
    """Members with a kept purchase of a span; looking stops at the first one that fits."""
    return Question(
        f"SELECT m.id FROM member m WHERE {{who}}EXISTS (SELECT 1 FROM activity a{join}"
        f" WHERE a.member_id = m.id AND {KEPT} AND a.occurred_at >= ? AND a.occurred_at < ?{also})",
        (*span, *params),
        column="m.id",
        others=others,
    )


def _bought(asked: Bought | NotBought, moment: Moment) -> Question:
    return _with_purchase(
        (moment.since(asked.days), moment.at),
        f" AND l.category IN ({marks(asked.categories)})"
        " AND (l.quantity_left <> 0 OR l.quantity = 0)",
        join=" JOIN activity_line l ON l.activity_id = a.id",
        params=asked.categories,
        others=isinstance(asked, NotBought),
    )


def _visited(asked: Visited, moment: Moment) -> Question:
    places = ""
    if asked.stores:
        places += f" AND a.store IN ({marks(asked.stores)})"
    if asked.channels:
        places += f" AND a.channel IN ({marks(asked.channels)})"
    span = (moment.since(asked.days), moment.at)
    return _with_purchase(span, places, params=(*asked.stores, *asked.channels))


def _birthday_month(asked: BirthdayMonth, moment: Moment) -> Question:
    months = asked.months or (moment.today.month,)
    month = "CAST(SUBSTR(m.birthday, 6, 2) AS INTEGER)"
    if moment.postgres:
        month = "EXTRACT(MONTH FROM m.birthday)"
    return Question(
        "SELECT m.id FROM member m WHERE {who}m.birthday IS NOT NULL"
        f" AND {month} IN ({marks(months)})",
        months,
        column="m.id",
    )


def _city(asked: InCity, moment: Moment) -> Question:
    """The city as it is now, whenever somebody asks; decision 0132."""
    keys = tuple(city_key(city) for city in asked.cities)
    parts = [f"m.city_key IN ({marks(keys)})"] * bool(keys)
    parts += ["m.city_key IS NULL"] * asked.unknown
    sql = f"SELECT m.id FROM member m WHERE {{who}}({' OR '.join(parts)})"
    return Question(sql, keys, column="m.id")


def _joined(asked: Joined, moment: Moment) -> Question:
    start = moment.since(asked.days)
    if asked.within:
        span, params = "m.joined_at >= ? AND m.joined_at <= ?", (start, moment.at)
        return Question(f"SELECT m.id FROM member m WHERE {{who}}{span}", params, column="m.id")
    return Question("SELECT m.id FROM member m WHERE {who}m.joined_at < ?", (start,), column="m.id")


def _consent(asked: Consented, moment: Moment) -> Question:
    return Question(
        "SELECT c.member_id FROM consent c WHERE {who}c.purpose = ? AND c.given AND c.at <= ?"
        " AND NOT EXISTS (SELECT 1 FROM consent x WHERE x.member_id = c.member_id"
        " AND x.purpose = c.purpose AND x.at <= ? AND (x.at > c.at OR (x.at = c.at"
        " AND x.id > c.id)))",
        (asked.purpose, moment.at, moment.at),
        column="c.member_id",
        others=not asked.given,
    )


def _medal(asked: HasMedal, moment: Moment) -> Question:
    """What the log of an award said last: of what an act brought, from after the act on."""
    return Question(
        "SELECT DISTINCT w.member_id FROM award w JOIN achievement h ON h.id = w.achievement_id"
        " WHERE {who}h.code = ? AND w.level >= ? AND w.earned_at <= ? AND 'active' ="
        " (SELECT g.to_status FROM award_log g LEFT JOIN activity a ON a.id = g.activity_id"
        "  WHERE g.award_id = w.id AND COALESCE(a.occurred_at + 1, g.at) <= ?"
        "  ORDER BY g.id DESC LIMIT 1)",
        (asked.medal, asked.level, moment.at, moment.at),
        column="w.member_id",
    )


def _invited(asked: Invited, moment: Moment) -> Question:
    return Question(
        "SELECT r.friend_id FROM referral r WHERE {who}r.bound_at <= ? AND r.state <> 'blocked'",
        (moment.at,),
        column="r.friend_id",
    )


def _inviter(asked: Inviter, moment: Moment) -> Question:
    return Question(
        "SELECT r.referrer_id FROM referral r WHERE {who}r.state IN ('qualified', 'rewarded')"
        " AND r.qualified_at <= ? GROUP BY r.referrer_id HAVING COUNT(*) >= ?",
        (moment.at, asked.at_least),
        column="r.referrer_id",
    )


def _stage(asked: InStage, moment: Moment) -> Question:
    """Who bought nothing has no row: where they are meant, the others are looked for."""
    rhythm, others = _rhythm_of(moment), "potential" in asked.stages

    def is_meant(row: Row) -> bool:
        return (stage_of_row(row, moment, rhythm) in asked.stages) is not others

    return Question(
        "SELECT a.member_id, MIN(a.occurred_at), MAX(a.occurred_at) FROM activity a"
        f" WHERE {{who}}{KEPT} AND a.occurred_at < ? GROUP BY a.member_id",
        (moment.at,),
        judge=is_meant,
        others=others,
    )


def _value(asked: OfValue, moment: Moment) -> Question:
    rhythm = _rhythm_of(moment)

    def is_meant(row: Row) -> bool:
        return value_of_row(row, moment, rhythm) in asked.values

    return replace(buyers(moment), judge=is_meant)


def buyers(moment: Moment) -> Question:
    """Everybody with a receipt: first and last kept purchase, days and money of the year."""
    year = moment.year
    return Question(
        "SELECT a.member_id,"
        f" MIN(CASE WHEN {KEPT} THEN a.occurred_at END),"
        f" MAX(CASE WHEN {KEPT} THEN a.occurred_at END),"
        f" COUNT(DISTINCT CASE WHEN {KEPT} AND a.occurred_at >= {year:d} THEN a.local_date END),"
        f" SUM(CASE WHEN a.occurred_at >= {year:d} THEN a.amount_left ELSE 0 END)"
        " FROM activity a WHERE {who}a.type IN ('purchase', 'return')"
        f" AND {COUNTED} AND a.occurred_at < ? GROUP BY a.member_id",
        (moment.at,),
    )


def stage_of_row(row: Row, moment: Moment, rhythm: Rhythm) -> Stage:
    """The stage of somebody by their first and last kept purchase, None and None for none."""
    if row[1] is None:
        return stage_of(None, 0, rhythm)
    return stage_of(moment.ago(row[1]), moment.ago(row[2]), rhythm)


def value_of_row(row: Row, moment: Moment, rhythm: Rhythm) -> Value | None:
    """The kind by value of a row of `buyers`; None where nothing was kept."""
    _, _, last, days, money = row
    if last is None:
        return None
    return value_of(Purchases(moment.silence(last), int(days), int(money)), rhythm)


def _rhythm_of(moment: Moment) -> Rhythm:
    assert moment.rhythm is not None, "whoever asks for a stage brings the shop's rhythm"
    return moment.rhythm


def _list(asked: OnList, moment: Moment) -> Question:
    return Question(
        "SELECT e.member_id FROM member_list_entry e WHERE {who}e.list_id = ?",
        (asked.list_id,),
        column="e.member_id",
    )


ASKED: dict[type[Any], Callable[[Any, Moment], Question]] = {
    InTier: _tier,
    Recency: _recency,
    Frequency: _frequency,
    Spend: _spend,
    Bought: _bought,
    NotBought: _bought,
    Visited: _visited,
    BirthdayMonth: _birthday_month,
    InCity: _city,
    Joined: _joined,
    Consented: _consent,
    HasMedal: _medal,
    Invited: _invited,
    Inviter: _inviter,
    InStage: _stage,
    OfValue: _value,
    OnList: _list,
}
"""How each kind is asked for; a saved segment is its own audience, asked for in turn."""
