"""Set-up, step 3: files of members and purchases are sent; nothing is written before a look."""

import secrets
import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from gamification.commands.founding import is_in_use, open_programme
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.steps import actor, go, is_open, programme_row, refuse_in_the_past
from webapp.frame import forget_shop
from webapp.intake.faults import BadFile
from webapp.intake.mapping import Choice, recognised, roles_of, stored
from webapp.intake.people_mapping import recognised_people
from webapp.intake.profile import load_profile, shipped_profiles
from webapp.intake.reasons import file_reason
from webapp.intake.runner import Runner, import_folder
from webapp.intake.runs import KINDS, ask_again, begin_run, find_run, held_run
from webapp.intake.tables import ImportRun
from webapp.log import LOG
from webapp.page import page
from webapp.row_numbers import as_row
from webapp.signin import signed_in
from webapp.words.files import profile_pair
from webapp.world import open_entrance, run_entrance, run_world

LIMIT_MB = 200
LARGEST_FILE = LIMIT_MB * 1024 * 1024
UPLOAD_BODY = 2 * LARGEST_FILE + 1024 * 1024
AT_ONCE_BYTES = 512 * 1024
LONGEST_NAME = 100


@dataclass(slots=True)
class Upload:
    """What was sent and kept so far, and what is wrong with the rest."""

    folder: str
    run_id: int | None = None
    files: dict[str, str] = field(default_factory=dict)
    choice: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """Where its files lie."""
        return import_folder(current_app) / self.folder

    def path(self, kind: str) -> Path:
        """The file of a kind."""
        return self.root / kind / self.files[kind]


@blueprint.get("/setup/files")
@allow("owner")
def files() -> Response:
    """Ask for the files; a programme that is not begun yet comes first."""
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
    if row is None:
        return go(url_for("console.shop"))
    return files_page(Upload(""))


@blueprint.post("/setup/files")
@allow("owner", body=UPLOAD_BODY)
def send_files() -> Response:
    """Keep the files and look inside; a file that cannot be used does not lose the other."""
    refuse_in_the_past()
    upload = continued(request.form.get("run", 0, type=as_row))
    profile = request.form.get("profile", "")
    if profile not in ("", *shipped_profiles()):
        profile = ""
    for kind in KINDS:
        take_file(upload, kind, profile)
    if not upload.files and not upload.errors:
        upload.errors["purchases"] = _("Choose a file, or start without past purchases.")
    if upload.files:
        upload.run_id = run_entrance(partial(keep_upload, upload=upload))
    else:
        shutil.rmtree(upload.root, ignore_errors=True)
    if upload.errors or upload.run_id is None:
        return files_page(upload, profile=profile, status=422)
    LOG.info("import_sent", by=actor(), run=upload.run_id, kinds=sorted(upload.files))
    look_soon(upload.run_id, sum(upload.path(kind).stat().st_size for kind in upload.files))
    return go(url_for("console.look", run_id=upload.run_id))


def look_soon(run_id: int, size: int) -> None:
    """Small files are looked at within the request; large ones by the runner."""
    if size <= AT_ONCE_BYTES:
        Runner(current_app._get_current_object()).at_once(run_id)  # type: ignore[attr-defined]


def continued(run_id: int) -> Upload:
    """The upload that one more file belongs to, or a new one."""
    with open_entrance(readonly=True) as world:
        run = find_run(world, run_id) if run_id else None
    if run is None or run.state not in ("to_look", "looked", "failed"):
        return Upload(secrets.token_hex(8))
    return Upload(run.folder, run.id, dict(run.files), dict(run.choice))


def take_file(upload: Upload, kind: str, profile: str) -> None:
    """Keep a file that was sent, in place of one of its kind, if it can be read at all."""
    sent = request.files.get(kind)
    if sent is None or not sent.filename:
        return
    before = upload.files.get(kind)
    target = upload.root / kind / safe_name(sent.filename)
    fault = save_file(sent, target) or read_columns(upload, kind, target, profile)
    if fault:
        upload.errors[kind] = fault
        target.unlink(missing_ok=True)
        return
    if before and before != target.name:
        (target.parent / before).unlink(missing_ok=True)
    upload.files[kind] = target.name


def safe_name(name: str) -> str:
    """A file's own name without folders and signs that mean something to a system."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter if letter.isalnum() or letter in " ._-()" else "_" for letter in last)
    return kept.strip(" .")[-LONGEST_NAME:] or "file"


def save_file(sent: FileStorage, target: Path) -> str:
    """Stream a file to disk; answers what is wrong with it, if anything."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with target.open("wb") as kept:
            shutil.copyfileobj(sent.stream, kept, 1 << 20)
    except OSError as error:
        LOG.error("upload_not_kept", error=error.strerror)
        return _("There is no room for this file on the server.")
    size = target.stat().st_size
    if size > LARGEST_FILE:
        return _("The file is larger than %(limit)s MB. Pack it with gzip, or send it in parts.",
                 limit=LIMIT_MB)  # fmt: skip
    return "" if size else _("The file is empty.")


def read_columns(upload: Upload, kind: str, path: Path, profile: str) -> str:
    """Recognise what the columns are; answers why that cannot be done, if it cannot."""
    try:
        if kind == "members":
            columns, _sheet = recognised_people(path)
            upload.choice[kind] = stored(Choice("", columns))
        else:
            choice, sheet = recognised(path)
            if profile and profile != choice.profile and sheet.labels:
                choice = Choice(profile, roles_of(load_profile(profile), sheet))
            upload.choice[kind] = stored(choice)
    except BadFile as fault:
        fault.values["file"] = path.name
        return file_reason(fault)
    return ""


def keep_upload(world: Any, upload: Upload) -> int:
    """Write down which files there are; they wait for a look."""
    run: ImportRun | None = held_run(world, upload.run_id) if upload.run_id else None
    if run is None:
        run = begin_run(world, signed_in().account_id, upload.folder, upload.files, upload.choice)
    else:
        run.files, run.choice = dict(upload.files), dict(upload.choice)
        ask_again(run, "to_look", world.now)
    world.session.flush()
    assert run.id is not None, "a stored row has its id"
    return run.id


def files_page(upload: Upload, *, profile: str = "", status: int = 200) -> Response:
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
        founding = not is_open(row)
        tiers_change = founding and not is_in_use(world)
    return page(
        "setup/upload.html",
        status=status,
        step=3 if founding else None,
        action=url_for("console.send_files"),
        profiles=[profile_pair(name) for name in ("", *shipped_profiles())],
        values={"profile": profile},
        errors=upload.errors,
        kept=upload.files,
        run=upload.run_id,
        limit_mb=LIMIT_MB,
        hrefs={
            "back": url_for("console.tiers") if tiers_change else url_for("console.overview"),
            "skip": url_for("console.skip") if founding else None,
        },
    )


@blueprint.post("/setup/skip")
@allow("owner")
def skip() -> Response:
    """Open the programme without past purchases."""
    refuse_in_the_past()
    run_world(open_programme)
    forget_shop()
    LOG.info("programme_opened", by=actor())
    return go(url_for("console.live"))
