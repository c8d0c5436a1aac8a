"""The challenges of the shop by state; a new one from a template or from another one."""

from functools import partial
from typing import Any

from flask import Response, g, request, url_for

from gamification.commands.challenge_desk import challenge_now
from gamification.commands.challenges import (
    ChallengePlan,
    archive_draft,
    copy_challenge,
    draft_challenge,
)
from gamification.programme import day_starts
from gamification.readmodels.challenge_desk import (
    TEMPLATES,
    DeskFacts,
    DeskRow,
    Template,
    desk_facts,
    desk_now,
    desk_rows,
    template_terms,
    usual_dates,
)
from gamification.refusals import Refusal
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_ids import known_id
from webapp.console.challenge_steps import scale_of
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.tongue import gettext as _
from webapp.words.challenge_desk import GROUPS
from webapp.words.challenge_templates import FACES, template_art, template_words
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world


@blueprint.get("/console/challenges")
@allow("owner", "marketer")
def challenges() -> Response:
    """What runs, what waits, what is being made, and what is over."""
    return list_page(said=request.args.get("said", ""))


@blueprint.post("/console/challenges")
@allow("owner", "marketer")
def new_challenge() -> Response:
    """A draft from a template, which could be launched as it is but for its budget."""
    refuse_in_the_past()
    template = next((t for t in TEMPLATES if t == request.form.get("template")), None)
    if template is None:
        return list_page(fault=_("Choose one of the templates."), status=422)
    made = run_world(partial(draft_from, template=template))
    LOG.info("challenge_drafted", by=actor(), challenge=made, template=template)
    return go(url_for("console.challenge", challenge_id=made))


@blueprint.post("/console/challenges/<int:challenge_id>/copy")
@allow("owner", "marketer")
def copy_of_challenge(challenge_id: int) -> Response:
    """A new draft like this challenge, from the next Monday on."""
    refuse_in_the_past()
    known_id(challenge_id)
    try:
        made = run_world(partial(copied, challenge_id=challenge_id))
    except Refusal as refusal:
        return list_page(fault=refusal_text(refusal), status=404)
    return go(url_for("console.challenge", challenge_id=made))


@blueprint.post("/console/challenges/<int:challenge_id>/away")
@allow("owner", "marketer")
def put_draft_away(challenge_id: int) -> Response:
    """Put a draft away; a copy brings it back."""
    refuse_in_the_past()
    known_id(challenge_id)
    try:
        run_world(partial(archive_draft, challenge_id=challenge_id, actor=actor()))
    except Refusal as refusal:
        return list_page(fault=refusal_text(refusal), status=409)
    return go(url_for("console.challenges", said="away"))


def draft_from(world: World, template: Template) -> int:
    """Make the draft; answers its id."""
    facts = desk_facts(world, 14)
    made = draft_challenge(world, fresh_plan(template, facts), actor=actor())
    return made.id or 0


def fresh_plan(template: Template, facts: DeskFacts) -> ChallengePlan:
    """What a template says before anybody has changed anything; the budget is left open."""
    terms = template_terms(template, scale_of(facts.currency))
    terms = terms.model_copy(update={"art": template_art(template), "remind_days": (3, 1)})
    first, after = usual_dates(template, facts.now.date())
    starts, ends = (day_starts(day, facts.zone) for day in (first, after))
    return ChallengePlan(template, terms, template_words(template), starts, ends)


def copied(world: World, challenge_id: int) -> int:
    """Copy a challenge to the next Monday, as long as it was; answers the copy's id."""
    plan = challenge_now(world, challenge_id).plan
    facts = desk_facts(world, 14)
    first, after = usual_dates("blank", facts.now.date())
    starts = day_starts(first, facts.zone)
    ends = day_starts(after, facts.zone)
    if plan.starts_at is not None and plan.ends_at is not None:
        ends = starts + (plan.ends_at - plan.starts_at)
    made = copy_challenge(world, challenge_id, actor=actor(), starts_at=starts, ends_at=ends)
    return made.id or 0


def list_page(*, said: str = "", fault: str = "", status: int = 200) -> Response:
    """The list; with nothing in it, the templates are the first step."""
    with open_world(readonly=True) as world:
        rows, away, now = desk_rows(world), desk_rows(world, away=True), desk_now(world)
    g.frame = frame_for("challenges")
    return page(
        "console/challenges.html",
        status=status,
        frame=g.frame,
        groups=grouped(rows),
        away=away,
        templates=[(code, FACES[code]) for code in TEMPLATES],
        today=now.date(),
        now=now,
        said=said,
        fault=fault,
        hrefs=list_hrefs(rows + away),
    )


def grouped(rows: tuple[DeskRow, ...]) -> list[tuple[str, str, list[DeskRow]]]:
    """The challenges in their parts; parts with nothing in them are left out."""
    found = [
        (key, _(label), [row for row in rows if row.state in states])
        for key, label, states in GROUPS
    ]
    return [part for part in found if part[2]]


def list_hrefs(rows: tuple[DeskRow, ...]) -> dict[str | int, Any]:
    """The addresses of the list: `new`, and by id those of each challenge."""
    names = {"open": "console.challenge", "copy": "console.copy_of_challenge",
             "away": "console.put_draft_away"}  # fmt: skip
    return {
        "new": url_for("console.new_challenge"),
        "segments": url_for("console.segments"),
        **{
            row.id: {key: url_for(name, challenge_id=row.id) for key, name in names.items()}
            for row in rows
        },
    }
