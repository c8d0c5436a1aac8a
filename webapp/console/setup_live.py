"""Set-up, step 4: the programme is live, what the import did, and the three next steps."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, current_app, send_file, url_for

from gamification.readmodels.console import Totals, totals_of
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.places import row_number
from webapp.console.setup_look import run_or_404
from webapp.console.steps import go, is_open, next_step, programme_row
from webapp.frame import forget_shop
from webapp.intake.runner import import_folder
from webapp.intake.runs import KINDS, done_runs, find_run
from webapp.intake.tables import ImportRun
from webapp.page import page
from webapp.world import open_entrance, open_world

FIRST_DAY = timedelta(days=1)


@blueprint.get("/setup/live")
@allow("owner")
def live() -> Response:
    """What there is now, and where to go on; a shop at work is past this page."""
    run_id = row_number("run")
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
        run = find_run(world, run_id) if run_id else None
        imports = done_runs(world)
        settled = row is not None and opened_long_ago(row.live_at, world.now)
    if not is_open(row):
        return go(url_for(next_step(row)))
    with open_world(readonly=True) as world:
        totals = totals_of(world)
    forget_shop()
    if run is None and (settled or totals.members):
        return go(url_for("console.overview"))
    done = run if run is not None and run.state == "done" else None
    later = done is not None and (settled or imports > 1)
    return page(
        "setup/live.html",
        step=None if later else 4,
        later=later,
        done=figures_of(done, totals),
        hrefs={
            "codes": url_for("staff.find"),
            "till": url_for("console.tills"),
            "invite": url_for("public.club"),
            "console": url_for("console.overview"),
        },
    )


def opened_long_ago(live_at: datetime | None, now: datetime) -> bool:
    """Whether the founding is over: its pages count steps on the first day only."""
    return live_at is not None and now - live_at >= FIRST_DAY


def figures_of(run: ImportRun | None, totals: Totals) -> dict[str, Any]:
    """What an import did, in numbers; without one, what there is in all."""
    outcome: dict[str, Any] = (run.outcome if run else None) or {}
    brought = outcome.get("brought", {"members": 0, "points": 0, "medals": 0})
    return {
        **brought,
        "people": outcome.get("people"),
        "receipts": outcome.get("receipts", 0),
        "known": outcome.get("known", 0),
        "parked": outcome.get("parked", 0),
        "rejected": outcome.get("rejected", 0),
        "rejects": [
            (kind, url_for("console.rejects", run_id=run.id, kind=kind))
            for kind in outcome.get("rejects", ())
        ]
        if run
        else [],
        "totals": totals,
    }


@blueprint.get("/setup/files/<int(max=9223372036854775807):run_id>/rejects/<kind>")
@allow("owner")
def rejects(run_id: int, kind: str) -> Response:
    """The rows that were not taken, each with its reason, as a table to download."""
    run = run_or_404(run_id)
    path = import_folder(current_app) / run.folder / f"rejects-{kind}.csv"
    if kind not in KINDS or not path.is_file():
        abort(404)
    return send_file(
        path.resolve(),
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"{run.files.get(kind, kind)}.rejects.csv",
        etag=False,
    )
