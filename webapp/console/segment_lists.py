"""A list of members as a file: sent, looked at, kept; nothing of the file itself stays."""

import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flask import Response, abort, current_app, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.audiences import ListReport, ListRow, import_list
from gamification.readmodels.audiences import member_lists
from gamification.refusals import InvalidAudience, NameTaken, NobodyMatched
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.setup_files import safe_name, save_file
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.intake.faults import BadFile
from webapp.intake.guess import Sheet
from webapp.intake.people_mapping import recognised_people
from webapp.intake.profile import FileShape
from webapp.intake.reasons import file_reason
from webapp.intake.runner import import_folder
from webapp.intake.tabular import table_rows
from webapp.log import LOG
from webapp.page import page
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world

LIMIT_MB = 5
LARGEST = LIMIT_MB * 1024 * 1024
MOST_ROWS = 50_000
SAMPLE = 5
KEPT_SECONDS = 86_400
ROLES = ("external_id", "cards", "phone", "email")
FIELDS = ("name", "token", *ROLES)
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Sent:
    """A file that waits for a decision: where it lies, its name, and how it is read."""

    token: str
    path: Path
    sheet: Sheet
    columns: dict[str, str] = field(default_factory=dict)


@blueprint.get("/console/segments/list")
@allow("owner", "marketer")
def list_form() -> Response:
    """Ask for the file."""
    return list_page(Form(dict.fromkeys(FIELDS, "")), None)


@blueprint.post("/console/segments/list")
@allow("owner", "marketer", body=LARGEST + 1024 * 1024)
def send_list() -> Response:
    """Look at a file that was sent, or keep whom one names that was looked at."""
    refuse_in_the_past()
    form = Form.posted(*FIELDS)
    sent = received(form)
    if sent is None:
        return list_page(form, None, status=422)
    if request.form.get("do") != "save" or request.files.get("file"):
        form.values |= {role: sent.columns.get(role, "") for role in ROLES}
        form.values["name"] = form.values["name"] or sent.path.stem.replace("_", " ")[:80]
        return list_page(form, sent)
    return kept_list(form, sent)


def received(form: Form) -> Sent | None:
    """The file of this request, else the one that was looked at before."""
    folder = import_folder(current_app)
    file = request.files.get("file")
    if file is None or not file.filename:
        token = form.values["token"]
        found = [*(folder / f"list-{token}").glob("*")] if TOKEN.fullmatch(token) else []
        if not found:
            form.refuse("file", _("Choose a file."))
            return None
        return opened(form, token, found[0])
    forget_old(folder)
    token = secrets.token_hex(16)
    path = folder / f"list-{token}" / safe_name(file.filename)
    fault = save_file(file, path)
    if not fault and path.stat().st_size > LARGEST:
        fault = _("A list may have up to %(limit)s MB.", limit=LIMIT_MB)
    if fault:
        form.refuse("file", fault)
        shutil.rmtree(path.parent, ignore_errors=True)
        return None
    return opened(form, token, path)


def opened(form: Form, token: str, path: Path) -> Sent | None:
    """The file with what its columns look like; None and a sentence where it cannot be read."""
    try:
        columns, sheet = recognised_people(path)
    except BadFile as fault:
        fault.values["file"] = path.name
        form.refuse("file", file_reason(fault))
        shutil.rmtree(path.parent, ignore_errors=True)
        return None
    form.values["token"] = token
    return Sent(token, path, sheet, {role: columns[role] for role in ROLES if role in columns})


def forget_old(folder: Path) -> None:
    """Files that nobody decided about within a day go."""
    for one in folder.glob("list-*"):
        if one.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(one, ignore_errors=True)


def kept_list(form: Form, sent: Sent) -> Response:
    """Keep whom the rows name, and lead to the report; a refusal stands beside its field."""
    chosen = {role: form.values[role] for role in ROLES if form.values[role] in sent.sheet.labels}
    if not chosen:
        form.refuse("external_id", _("Say which column names the members."))
        return list_page(form, sent, status=422)
    try:
        rows = list(rows_of(sent, chosen))
        if len(rows) > MOST_ROWS:
            form.refuse("file", _("A list may have up to %(most)s rows.", most=MOST_ROWS))
            return list_page(form, sent, status=422)
        keep = partial(import_list, name=form.values["name"], rows=rows, actor=actor())
        report: ListReport = run_world(keep)
    except BadFile as fault:
        fault.values["file"] = sent.path.name
        form.refuse("file", file_reason(fault))
    except NobodyMatched as refusal:
        form.refuse("external_id", refusal_text(refusal))
    except (NameTaken, InvalidAudience) as refusal:
        form.refuse("name", refusal_text(refusal))
    if form.errors:
        return list_page(form, sent, status=422)
    shutil.rmtree(sent.path.parent, ignore_errors=True)
    LOG.info("list_imported", by=actor(), list=report.list_id, matched=report.matched)
    strange = ".".join(map(str, report.unmatched_rows)) or None
    return go(url_for("console.list_report", list_id=report.list_id, rows=strange))


def rows_of(sent: Sent, chosen: dict[str, str]) -> Iterator[ListRow]:
    """Rows below the header, each with what it knows somebody by; one too many at most.

    Raises:
        BadFile: the file cannot be read.
    """
    places = {role: sent.sheet.labels.index(label) for role, label in chosen.items()}
    is_header = sent.sheet.header
    count = 0
    for number, cells in table_rows(sent.path, FileShape(header=sent.sheet.header)):
        if is_header:
            is_header = False
            continue
        found = {
            role: cells[place].strip()[:254] if cells and place < len(cells) else ""
            for role, place in places.items()
        }
        if not any(found.values()):
            continue
        yield ListRow(number, card=found.pop("cards", ""), **found)
        count += 1
        if count > MOST_ROWS:
            return


@blueprint.get("/console/segments/list/<int:list_id>")
@allow("owner", "marketer")
def list_report(list_id: int) -> Response:
    """What became of a list."""
    with open_world(readonly=True) as world:
        found = next((one for one in member_lists(world) if one.id == list_id), None)
    if found is None:
        abort(404)
    told = request.args.get("rows", "").split(".")
    g.frame = frame_for("segments")
    return page(
        "console/list_report.html",
        frame=g.frame,
        one=found,
        rows=[int(text) for text in told if text.isascii() and text.isdigit() and len(text) < 8],
        hrefs={"back": url_for("console.segments"), "again": url_for("console.list_form"),
               "use": url_for("console.segment")},
    )  # fmt: skip


def list_page(form: Form, sent: Sent | None, *, status: int = 200) -> Response:
    """The form, with a look into the file once there is one."""
    g.frame = frame_for("segments")
    sheet = sent.sheet if sent else None
    return page(
        "console/list.html",
        status=status,
        frame=g.frame,
        values=form.values,
        errors=form.errors,
        file=sent.path.name if sent else "",
        roles=ROLES,
        labels=sheet.labels if sheet else (),
        sample=sheet.rows[:SAMPLE] if sheet else (),
        limits={"mb": LIMIT_MB, "rows": MOST_ROWS},
        hrefs={"send": url_for("console.send_list"), "back": url_for("console.segments")},
    )
