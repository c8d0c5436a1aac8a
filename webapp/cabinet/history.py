"""History: every operation with its reason, page by page, and as a file."""

import csv
import io
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from gamification.readmodels.member import history_of
from gamification.readmodels.operations import Key
from gamification.readmodels.views import HistoryFilter, OperationRow
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.page import page, wanted_block
from webapp.words.whys import operation_title, why_text
from webapp.world import open_world

FILTERS: tuple[HistoryFilter, ...] = (
    "all",
    "earned",
    "spent",
    "pending",
    "expiring",
    "returned",
)
FILE_ROWS = 500


@blueprint.get("/history")
@allow("customer")
def history() -> Response:
    """A page of operations; `chosen` and `after` stand in the address."""
    chosen, after = wanted()
    with open_world(readonly=True) as world:
        view = history_of(world, own_member_id(), chosen=chosen, after=after)
    choice = choice_of(chosen)
    more = url_for("cabinet.history", after=view.after, **choice) if view.after else None
    return page(
        "cabinet/history.html",
        frame=place_in_frame("history"),
        history=view,
        filters=[(key, filter_href(key)) for key in FILTERS],
        more_href=more,
        csv_href=url_for("cabinet.history_file", **choice),
        part=wanted_block() == "rows",
        hrefs={
            "all": url_for("cabinet.history"),
            "card": url_for("cabinet.card"),
            "medals": url_for("cabinet.medals"),
            "retry": url_for("cabinet.history", **choice),
        },
    )


def choice_of(chosen: HistoryFilter) -> dict[str, Any]:
    """What stands in the address for a choice; nothing for all."""
    return {} if chosen == "all" else {"chosen": chosen}


def filter_href(chosen: HistoryFilter) -> str:
    """The address of a choice."""
    return url_for("cabinet.history", **choice_of(chosen))


def wanted() -> tuple[HistoryFilter, Key | None]:
    """What the address asks for; an address that nobody made is no page of ours."""
    chosen = request.args.get("chosen", "all")
    if chosen not in FILTERS:
        abort(404)
    return chosen, parse_key(request.args.get("after"))


def parse_key(text: str | None) -> Key | None:
    """The key at which the page before ended."""
    if not text:
        return None
    parts = text.split(".")
    if len(parts) != 2 or not all(is_id(part) for part in parts):
        abort(404)
    return int(parts[0]), int(parts[1])


def is_id(text: str) -> bool:
    """Whether a text is a whole number that a row can have."""
    return len(text) < 20 and text.isascii() and text.isdigit() and int(text) < 2**63


@blueprint.get("/history.csv")
@allow("customer")
def history_file() -> Response:
    """The same choice as a file, in the reader's words, all of it."""
    chosen, _after = wanted()
    member_id = own_member_id()
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(
        [_("Date"), _("Operation"), _("Points"), _("Place"), _("Receipt"), _("Why this many?")]
    )
    after: Key | None = None
    with open_world(readonly=True) as world:
        while True:
            view = history_of(world, member_id, chosen=chosen, after=after, limit=FILE_ROWS)
            for day in view.days:
                write.writerows(file_row(row, view.currency) for row in day.rows)
            if view.after is None:
                break
            after = parse_key(view.after)
    return Response(
        "\ufeff" + out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=laurel-history.csv"},
    )


def file_row(row: OperationRow, currency: str) -> list[str]:
    """A row for a table program; a cell never starts a formula."""
    why = "; ".join(
        why_text(line, currency) + ("" if line.points is None else f" = {line.points}")
        for line in row.why
    )
    words = [operation_title(row, currency), str(row.points), row.place, row.receipt, why]
    return [row.at.strftime("%Y-%m-%d %H:%M"), *(harmless(word or "") for word in words)]


def harmless(text: str) -> str:
    """A cell that no table program takes for a formula; a plain number stays one."""
    is_formula = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if is_formula and not text.lstrip("-").isdigit() else text
