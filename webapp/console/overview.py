"""What the console opens with: what waits, the numbers of a period, the lists behind them."""

from typing import Any

from flask import Response, abort, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from gamification.readmodels.books import Books, books_of
from gamification.readmodels.console import console_of
from gamification.readmodels.console_lists import MOVES, WHO, people_of, postings_of
from gamification.readmodels.dashboard import Dashboard, dashboard_of
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.places import row_number
from webapp.frame import frame_for, is_open_to
from webapp.intake.runs import last_import, open_run
from webapp.page import page
from webapp.signin import signed_in
from webapp.words.dashboard import SPANS, age_lines, beside_lines, compared, plots_of, sum_lines
from webapp.world import open_world

USUAL = 30
WEEKS = {7: 4, 30: 4, 90: 12, 365: 52}
"""The weeks of the invitations' report that come closest to a period."""
PLACES = {
    "reviews": "console.reviews",
    "invitations": "console.invitation_review",
    "find": "staff.find",
    "upload": "console.files",
    "tills": "console.tills",
}


@blueprint.get("/console")
@allow("owner", "marketer")
def overview() -> Response:
    """The dashboard of so many last days, as the address says."""
    days = wanted_days()
    with open_world(readonly=True) as world:
        books, dashboard = books_of(world, days), dashboard_of(world, days)
        console = console_of(world, last_import=last_import(world))
        running = open_run(world)
    g.frame = frame_for("console")
    hrefs: dict[str, str | None] = {
        name: url_for(endpoint) if is_open_to(endpoint, signed_in().role) else None
        for name, endpoint in PLACES.items()
    }
    look = url_for("console.look", run_id=running.id) if running and hrefs["upload"] else None
    report = url_for("console.invitation_report", weeks=WEEKS[days])
    return page(
        "console/overview.html",
        frame=g.frame,
        console=console,
        **overview_values(books, dashboard),
        spans=[(n, str(word), url_for("console.overview", days=n)) for n, word in SPANS.items()],
        challenge_hrefs={one.id: challenge_href(one.id) for one in dashboard.challenges},
        people_hrefs={who: url_for("console.people", who=who, days=days) for who in WHO},
        move_hrefs={move: url_for("console.points", move=move, days=days) for move in MOVES},
        hrefs=hrefs | {"running": look, "report": report},
    )


def overview_values(books: Books, dashboard: Dashboard) -> dict[str, Any]:
    """The numbers with their charts and sums, as the template takes them."""
    return {
        "books": books,
        "it": dashboard,
        "plots": plots_of(books, dashboard),
        "lines": sum_lines(books.now),
        "beside": beside_lines(books.now),
        "ages": age_lines(books.ages),
        "compared": compared,
    }


@blueprint.get("/console/people")
@allow("owner", "marketer")
def people() -> Response:
    """Who was active in the period, or joined in it."""
    days, who = wanted_days(), request.args.get("who", WHO[0])
    if who not in WHO:
        abort(404)
    with open_world(readonly=True) as world:
        found = people_of(world, days, who, after=row_number("after"))  # type: ignore[arg-type]
    g.frame = frame_for("console")
    after = found.after
    return page(
        "console/people.html",
        frame=g.frame,
        found=found,
        who=who,
        hrefs={
            "back": url_for("console.overview", days=days),
            "more": url_for("console.people", who=who, days=days, after=after) if after else None,
        },
    )


@blueprint.get("/console/points")
@allow("owner", "marketer")
def points() -> Response:
    """Every transfer behind one line of the books."""
    days, move = wanted_days(), request.args.get("move", MOVES[0])
    if move not in MOVES:
        abort(404)
    with open_world(readonly=True) as world:
        found = postings_of(world, days, move, after=row_number("after"))
    g.frame = frame_for("console")
    after = found.after
    return page(
        "console/points.html",
        frame=g.frame,
        found=found,
        move=move,
        moves=[(one, url_for("console.points", move=one, days=days)) for one in MOVES],
        hrefs={
            "back": url_for("console.overview", days=days),
            "more": url_for("console.points", move=move, days=days, after=after) if after else None,
        },
    )


def wanted_days() -> int:
    """How many days the address asks for; a number that nobody offers is no page of ours."""
    text = request.args.get("days", str(USUAL))
    if text not in map(str, SPANS):
        abort(404)
    return int(text)


def challenge_href(challenge_id: int) -> str | None:
    """Where a challenge is looked after; None while there is no such page."""
    path = f"/console/challenges/{challenge_id}"
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return request.script_root + path
