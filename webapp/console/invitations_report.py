"""What invitations bring, as a page and as a file."""

import csv
import io
from typing import Any

from flask import Response, abort, g, request, url_for
from flask_babel import gettext as _

from gamification.readmodels.referral_fund import fund_now
from gamification.readmodels.referral_report import STEPS, ReferralReport, referral_report
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.invitations import places_of
from webapp.frame import frame_for
from webapp.page import page
from webapp.words.invitation_charts import comparison, cost_rows, way_of, week_columns
from webapp.words.invitations import channel_name, step_name
from webapp.world import open_world

SPANS = (4, 12, 26, 52)
USUAL = 12


@blueprint.get("/console/invitations/report")
@allow("owner", "marketer")
def invitation_report() -> Response:
    """The way of friends, what it costs and what it brings, for some weeks."""
    weeks = wanted_weeks()
    with open_world(readonly=True) as world:
        report, fund = referral_report(world, weeks=weeks), fund_now(world)
    g.frame = frame_for("invitations")
    return page(
        "console/invitations_report.html",
        frame=g.frame,
        places=places_of("report"),
        **report_values(report),
        fund=fund,
        spans=[(span, url_for("console.invitation_report", weeks=span)) for span in SPANS],
        weeks=weeks,
        csv_href=url_for("console.invitation_file", weeks=weeks),
    )


def report_values(report: ReferralReport) -> dict[str, Any]:
    """The report with its charts, as the template takes it."""
    return {
        "report": report,
        "steps": STEPS,
        "way": way_of(report.total()),
        "columns": week_columns(report.by_week()),
        "costs": cost_rows(report.cost),
        "sides": comparison(report.friends, report.others),
    }


@blueprint.get("/console/invitations/report.csv")
@allow("owner", "marketer")
def invitation_file() -> Response:
    """Every channel of every week as a file, in the reader's words."""
    with open_world(readonly=True) as world:
        report = referral_report(world, weeks=wanted_weeks())
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow([_("Week from"), _("Channel"), *map(step_name, STEPS)])
    for cell in report.cells:
        counts = [getattr(cell.steps, name) for name in STEPS]
        sheet.writerow([cell.week.isoformat(), channel_name(cell.channel), *counts])
    return Response(
        "\ufeff" + out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=laurel-invitations.csv"},
    )


def wanted_weeks() -> int:
    """How many weeks the address asks for; a number that nobody offers is no page of ours."""
    text = request.args.get("weeks", str(USUAL))
    if text not in map(str, SPANS):
        abort(404)
    return int(text)
