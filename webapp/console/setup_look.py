"""Set-up, step 3, second half: what was recognised, the import itself and how far it is."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.previews import people_preview, purchases_preview
from webapp.console.setup_files import look_soon
from webapp.console.steps import actor, go, is_open, programme_row, refuse_in_the_past
from webapp.frame import shop_facts
from webapp.intake.faults import BadFile
from webapp.intake.guess import Sheet, guess
from webapp.intake.looking import Place
from webapp.intake.mapping import ROLES, Choice, choice_of, missing_roles, roles_of, stored
from webapp.intake.people_mapping import PEOPLE_ROLES
from webapp.intake.profile import load_profile, shipped_profiles
from webapp.intake.reasons import FILES, file_reason
from webapp.intake.runner import import_folder, place_of
from webapp.intake.runs import ask_again, find_run, held_run, stop_run
from webapp.intake.tables import ImportRun
from webapp.log import LOG
from webapp.page import page
from webapp.words.files import role_name
from webapp.words.refusals import SENTENCES as REFUSALS
from webapp.world import entrance_worlds, open_entrance, run_entrance

PATIENCE = timedelta(seconds=15)
AT_WORK = ("to_look", "looking", "to_import", "importing")


@blueprint.get("/setup/files/<int(max=9223372036854775807):run_id>")
@allow("owner")
def look(run_id: int) -> Response:
    """How far the work on some files is, or what a look at them found."""
    run = run_or_404(run_id)
    if run.state == "done":
        return lead_on(url_for("console.live", run=run_id))
    if run.state in ("looked", "failed") and request.headers.get("HX-Request") == "true":
        return lead_on(url_for("console.look", run_id=run_id))
    if run.state == "looked":
        return preview_page(run)
    return progress_page(run)


def run_or_404(run_id: int) -> ImportRun:
    with open_entrance(readonly=True) as world:
        run = find_run(world, run_id)
    if run is None:
        abort(404)
    return run


def lead_on(where: str) -> Response:
    """Go on: by itself where htmx asks, as a browser does elsewhere."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": where})
    return go(where)


def progress_page(run: ImportRun) -> Response:
    now = entrance_worlds().clock()
    waits = run.state in ("to_look", "to_import") and now - run.changed_at > PATIENCE
    lapsed = run.leased_until is not None and run.leased_until <= now
    return page(
        "setup/progress.html",
        step=3 if founding() else None,
        run=run,
        percent=min(100, 100 * run.done // run.whole) if run.whole else 0,
        looking=run.state in ("to_look", "looking"),
        stopped=(run.error or {}).get("code") == "stopped",
        idle=waits or lapsed,
        error=sentence_of(run.error),
        action=url_for("console.decide", run_id=run.id),
        hrefs={
            "here": url_for("console.look", run_id=run.id),
            "stop": url_for("console.stop", run_id=run.id),
            "files": url_for("console.files"),
            "console": url_for("console.overview"),
        },
    )


def founding() -> bool:
    """Whether the wizard is still going on."""
    with open_entrance(readonly=True) as world:
        return not is_open(programme_row(world))


def sentence_of(error: Mapping[str, Any] | None) -> str:
    """Why a look or an import did not come to its end."""
    if error is None:
        return ""
    code, values = str(error["code"]), error["values"]
    if code == "stopped":
        return _("What was recorded is kept. You can go on with the rest at any time.")
    if code == "missing_columns":
        return missing_sentence(values["roles"])
    if code == "programme_mismatch":
        return _(
            "This kind of file counts in %(file)s, your programme in %(programme)s. If the sums"
            " are in %(programme)s, choose “Recognise it by itself”.", **values
        )  # fmt: skip
    for sentences in (FILES, REFUSALS):
        if code in sentences:
            return sentences[code](values)
    return _("Something broke on our side. What was recorded stays; try again.")


def missing_sentence(roles: Sequence[str]) -> str:
    """Which columns have to be chosen."""
    names = ", ".join(role_name(role) for role in roles)
    return _("Choose a column for: %(names)s.", names=names)


def preview_page(
    run: ImportRun, *, error: str = "", notice: str = "", status: int = 200
) -> Response:
    place, found = place_of(run, import_folder(current_app)), run.found or {}
    try:
        sheets = {kind: place.sheet(kind) for kind in place.files}
    except BadFile as fault:
        return lost_page(run, file_reason(fault))
    currency = shop_facts().currency
    preview = people = None
    if "purchases" in sheets:
        preview = purchases_preview(
            place, sheets["purchases"], found.get("purchases", {}), currency
        )
    if "members" in sheets:
        people = people_preview(place, sheets["members"], found.get("members", {}))
    return page(
        "setup/preview.html",
        status=status,
        step=3 if founding() else None,
        preview=preview,
        people=people,
        looked=run.found is not None,
        action=url_for("console.decide", run_id=run.id),
        error=error or sentence_of(run.error),
        notice=notice,
        hrefs={"back": url_for("console.files")},
    )


def lost_page(run: ImportRun, error: str) -> Response:
    """The files are not on this server any more."""
    run.error, run.state = {"code": "gone", "values": {}}, "failed"
    return page(
        "setup/progress.html", status=410, step=3 if founding() else None, run=run, percent=0,
        looking=True, stopped=False, idle=False, error=error,
        action=url_for("console.decide", run_id=run.id),
        hrefs={"here": "", "files": url_for("console.files"),
               "console": url_for("console.overview")},
    )  # fmt: skip


@blueprint.post("/setup/files/<int(max=9223372036854775807):run_id>")
@allow("owner", keeps=("*",))
def decide(run_id: int) -> Response:
    """Count again with other columns, or import."""
    refuse_in_the_past()
    run = run_or_404(run_id)
    wish = request.form.get("do", "")
    if wish not in ("look", "import") or run.state not in ("looked", "failed"):
        return go(url_for("console.look", run_id=run_id))
    if run.state == "failed":
        wanted = "to_import" if run.found is not None else "to_look"
        return ask(run_id, wanted, run.choice)
    place = place_of(run, import_folder(current_app))
    try:
        choice = chosen(place)
    except BadFile as fault:
        return lost_page(run, file_reason(fault))
    changed = choice != run.choice
    run.choice = choice
    if missing := missing_in(choice):
        run.error = None
        return preview_page(run, error=missing_sentence(missing), status=422)
    if wish == "import" and run.found is not None and not run.error and not changed:
        return ask(run_id, "to_import", choice)
    return ask(run_id, "to_look", choice)


@blueprint.post("/setup/files/<int(max=9223372036854775807):run_id>/stop")
@allow("owner")
def stop(run_id: int) -> Response:
    """Stop an import: what is recorded stays, and asking again goes on with the rest."""
    refuse_in_the_past()
    run_or_404(run_id)
    if run_entrance(partial(stop_run, run_id=run_id)):
        LOG.info("import_stopped", by=actor(), run=run_id)
    return go(url_for("console.look", run_id=run_id))


def ask(run_id: int, state: str, choice: Mapping[str, Any]) -> Response:
    """Put the files into the queue and show how far they are."""
    if run_entrance(partial(queue_run, run_id=run_id, state=state, choice=choice)):
        LOG.info("import_asked", by=actor(), run=run_id, state=state)
        if state == "to_look":
            place = place_of(run_or_404(run_id), import_folder(current_app))
            paths = [path for kind in place.files if (path := place.path(kind))]
            look_soon(run_id, sum(path.stat().st_size for path in paths if path.exists()))
    return go(url_for("console.look", run_id=run_id))


def queue_run(world: World, run_id: int, state: str, choice: Mapping[str, Any]) -> bool:
    """Ask for a look or an import; False when somebody was quicker."""
    run = held_run(world, run_id)
    if run is None or run.state not in ("looked", "failed"):
        return False
    run.choice = dict(choice)
    ask_again(run, state, world.now)
    world.session.flush()
    return True


def chosen(place: Place) -> dict[str, Any]:
    """The columns as the form has them; another kind of file brings its own. Raises BadFile."""
    found: dict[str, Any] = {}
    if "members" in place.files:
        sheet = place.sheet("members")
        found["members"] = stored(Choice("", posted("people", PEOPLE_ROLES, sheet)))
    if "purchases" in place.files:
        found["purchases"] = stored(chosen_purchases(place, place.sheet("purchases")))
    return found


def chosen_purchases(place: Place, sheet: Sheet) -> Choice:
    """The kind of file and its columns."""
    before = choice_of(place.choice["purchases"])
    profile = request.form.get("profile", before.profile)
    if profile not in ("", *shipped_profiles()):
        profile = before.profile
    if not sheet.labels:
        return Choice(profile or before.profile, before.columns)
    if profile != before.profile:
        columns = roles_of(load_profile(profile), sheet) if profile else guess(sheet).columns
        return Choice(profile, columns)
    return Choice(profile, posted("column", ROLES, sheet))


def posted(prefix: str, roles: Sequence[str], sheet: Sheet) -> dict[str, str]:
    """The labels that the form chose; one that the file has not is no choice."""
    values = {role: request.form.get(f"{prefix}-{role}", "") for role in roles}
    return {role: label for role, label in values.items() if label in sheet.labels}


def missing_in(choice: Mapping[str, Any]) -> tuple[str, ...]:
    """Roles that still need a column, of all files."""
    missing: tuple[str, ...] = ()
    if "members" in choice and not choice["members"]["columns"].get("external_id"):
        missing = ("external_id",)
    if "purchases" in choice:
        missing += missing_roles(choice["purchases"]["columns"])
    return missing
