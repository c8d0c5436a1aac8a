"""Where somebody in the console goes on: the wizard until the programme is open."""

from flask import Response, redirect, request, url_for

from gamification.programme import ProgrammeRow
from gamification.world import World
from webapp.console.blueprint import blueprint
from webapp.signin import signed_in
from webapp.surroundings import here
from webapp.world import ReadOnlyNow, open_entrance

STEPS = {
    "tiers": "console.tiers",
    "files": "console.files",
    "done": "console.overview",
}
FOUNDING = frozenset(
    f"console.{name}"
    for name in ("shop", "tiers", "files", "look", "progress", "rejects", "live")
)  # fmt: skip


@blueprint.before_request
def lead_to_setup() -> Response | None:
    """Until the programme is open, every page of the console is the wizard's next step."""
    if request.method not in ("GET", "HEAD") or request.endpoint in FOUNDING:
        return None
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
    if is_open(row):
        return None
    if signed_in().role != "owner":
        return go(url_for("public.club"))
    return go(url_for(next_step(row)))


def programme_row(world: World) -> ProgrammeRow | None:
    """The programme's row, if somebody has begun to set it up."""
    return world.session.get(ProgrammeRow, 1)


def is_open(row: ProgrammeRow | None) -> bool:
    return row is not None and row.live_at is not None


def next_step(row: ProgrammeRow | None) -> str:
    """The endpoint of what the founder does next."""
    if row is None:
        return "console.shop"
    return STEPS.get(str(row.setup.get("step")), "console.shop")


def go(where: str) -> Response:
    """Lead on after a form."""
    answer = redirect(where, code=303)
    assert isinstance(answer, Response), "Flask makes its own kind of answer"
    return answer


def after_founding(row: ProgrammeRow | None) -> str:
    """Where somebody goes on for whom the first two steps are over."""
    return "console.programme" if is_open(row) else "console.files"


def actor() -> str:
    """Who is at it, as it is written down with what they do."""
    return f"account:{signed_in().account_id}"


def refuse_in_the_past() -> None:
    """Raises ReadOnlyNow where the pages show a day in the past."""
    if (day := here().settings.as_of) is not None:
        raise ReadOnlyNow(on=day)
