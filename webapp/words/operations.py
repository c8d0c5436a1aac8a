"""An operation of the history as the words that stand in its row."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, NamedTuple

from gamification.readmodels.views import OperationRow
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.words.acts import act_glyph
from webapp.words.formats import clock, day, signed
from webapp.words.whys import operation_title, why_text

Tone = Literal["plus", "zero", "wait", ""]
GLYPHS = {
    "purchase": "bag",
    "return": "again",
    "spend": "gift",
    "spend_returned": "again",
    "opening": "book",
    "adjustment": "receipt",
    "expiry": "clock",
    "medal": "medal",
}
NOTHING = "\u2014"


class ReasonWords(NamedTuple):
    """One step of a sum; one that moved nothing stands aside."""

    text: str
    points: str
    aside: bool


class OperationWords(NamedTuple):
    """What a row says. `metalled` and `level` are of the medal that it is about."""

    key: str
    title: str
    instant: str
    when: str
    place: str | None
    sum: str
    tone: Tone
    waits: bool
    state: str
    glyph: Code
    medalled: bool
    medal: Code | None
    level: int
    empty: bool
    reasons: tuple[ReasonWords, ...]
    receipt: str | None
    arrives: str
    open: bool
    href: str = ""  # of the medal that it is about


def operation_words(
    row: OperationRow,
    currency: str,
    today: date,
    dated: bool = False,
    open: bool = False,
    medals: str = "",
) -> OperationWords:
    """The words of a row; `dated` writes the day too, where rows are not grouped by day."""
    when = clock(row.at)
    if dated:
        on = row.at.date()
        day_on = _("Today") if on == today else day(on, today)
        when = f"{day_on}, {when}"
    arrives = day(row.arrives_on, today) if row.state == "pending" and row.arrives_on else ""
    return OperationWords(
        key=row.public_id,
        title=operation_title(row, currency),
        instant=row.at.isoformat(),
        when=when,
        place=row.place,
        sum=signed(row.points),
        tone=tone_of(row),
        waits=bool(arrives),
        state=state_text(row, today, arrives),
        glyph=Code(GLYPHS.get(row.kind) or act_glyph(row.act)),
        medalled=row.kind == "medal",
        medal=Code(row.medal) if row.kind == "medal" and row.medal else None,
        level=row.level or 1,
        empty=row.points == 0,
        reasons=tuple(
            [
                ReasonWords(
                    why_text(line, currency),
                    NOTHING if line.points is None else signed(line.points),
                    line.points is None,
                )
                for line in row.why
            ]
        ),
        receipt=row.receipt,
        arrives=arrives,
        open=open,
        href=f"{medals}/{row.medal}" if medals and row.kind == "medal" and row.medal else "",
    )


def tone_of(row: OperationRow) -> Tone:
    """How the sum looks."""
    if row.state == "pending":
        return "wait"
    if row.points == 0:
        return "zero"
    return "plus" if row.points > 0 else ""


def state_text(row: OperationRow, today: date, arrives: str) -> str:
    """What became of the points, when there is something to say."""
    if arrives:
        return _("On the way, arrive on %(day)s", day=arrives)
    if row.state == "expired" and row.kind != "expiry":
        return _("Expired")
    if row.kind == "medal" and row.state in ("returned", "taken"):
        return (
            _("Taken back with the return")
            if row.state == "returned"
            else _("The medal was taken back")
        )
    if row.state == "returned" and row.kind == "act":
        return _("Taken back by the shop")
    if row.state == "returned" and row.kind not in ("return", "act_cancelled"):
        return _("Brought back to the shop")
    if row.expires_on and row.points > 0:
        return _("Valid until %(day)s", day=day(row.expires_on, today))
    return ""


FILTERS: dict[str, Callable[..., Any]] = {"operation_words": operation_words}
