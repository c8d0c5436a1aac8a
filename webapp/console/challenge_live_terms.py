"""New terms of a running challenge, for those who join later."""

from dataclasses import replace
from typing import Any

from flask import Response, g, request, url_for

from gamification.commands.challenge_desk import BLOCKING
from gamification.commands.challenges import replace_live_terms
from gamification.readmodels.challenge_desk import desk_facts, versions_in_play
from gamification.refusals import ChallengeClosed, InvalidSetting
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_builder import (
    builder_values,
    days_of_plan,
    shelf_for,
    whom_of,
)
from webapp.console.challenge_forms import ChallengeForm, asked_plan, form_of, sent_form
from webapp.console.challenge_ids import found_challenge, known_id
from webapp.console.challenge_rows import press
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.tongue import gettext as _
from webapp.words.challenge_desk import fault_words, refused_setting
from webapp.words.challenge_monitor import newer_terms_text
from webapp.world import open_world, run_world

FIXED = ("window", "days", "repeat", "enrol", "count_from", "max_winners", "control_percent")
"""Fields that stay as they were launched."""


@blueprint.get("/console/challenges/<int:challenge_id>/terms")
@allow("owner", "marketer")
def live_terms(challenge_id: int) -> Response:
    """The terms in the builder's form, with how many keep theirs."""
    return terms_page(known_id(challenge_id))


@blueprint.post("/console/challenges/<int:challenge_id>/terms")
@allow("owner", "marketer", keeps=("*",))
def save_live_terms(challenge_id: int) -> Response:
    """A new version for later joiners; `look` only shows how it would read."""
    refuse_in_the_past()
    known_id(challenge_id)
    with open_world(readonly=True) as world:
        now, facts = found_challenge(world, challenge_id), desk_facts(world, 1)
        shelf = shelf_for(world, now.plan)
    act = request.form.get("do", "")[:40]
    form = kept_fields(sent_form(), form_of(now.plan, now.revision, facts))
    press(form, act, shelf)
    plan = asked_plan(form, now.plan, facts, shelf)
    only_look = "look" in request.form or act not in ("", "save") or form.values["opened"]
    if form.errors or only_look:  # a row that has got other fields was not seen yet
        return terms_page(challenge_id, typed=form, status=422 if form.errors else 200)
    if form.values["over"] != str(now.revision):
        fault = _("Somebody else changed this challenge meanwhile. Look at it once more.")
        return terms_page(challenge_id, typed=form, fault=fault, status=409)
    terms = plan.terms.model_copy(update={"compensation": now.plan.terms.compensation})

    def unit(world: World) -> None:
        replace_live_terms(world, challenge_id, terms, actor=actor())

    try:
        run_world(unit)
    except ChallengeClosed:
        return go(url_for("console.challenge", challenge_id=challenge_id))
    except InvalidSetting as refusal:
        fault = refuse_terms(form, dict(refusal.values))
        return terms_page(challenge_id, typed=form, fault=fault, status=422)
    LOG.info("challenge_terms", by=actor(), challenge=challenge_id)
    return go(url_for("console.challenge", challenge_id=challenge_id, said="terms"))


def refuse_terms(form: ChallengeForm, values: dict[str, Any]) -> str:
    """Put a refusal beside its field; answers what stands above the form."""
    field, fault = str(values.pop("field", "")), str(values.pop("fault", ""))
    if fault not in BLOCKING:
        return refused_setting(field, fault, values)
    words = fault_words(field, fault, values, blocks=True)
    if words.field == "budget":  # it has its own place, the page of the challenge
        advice = _("Give less, or raise the budget first.")
        form.refuse("points", f"{words.text} {advice}")
    else:
        form.refuse(words.field, words.text)
    return _("Nothing was saved yet: look at the marked fields.")


def kept_fields(form: ChallengeForm, saved: ChallengeForm) -> ChallengeForm:
    """The form with everything that may not change after the launch as it is saved."""
    names = [*FIXED, "template", "starts", "ends", "budget"]
    form.values |= {name: saved.values[name] for name in names}
    form.values |= {k: v for k, v in saved.values.items() if k[-3:] in ("_ru", "_en")}
    return form


def terms_page(
    challenge_id: int,
    *,
    typed: ChallengeForm | None = None,
    fault: str = "",
    status: int = 200,
) -> Response:
    """The page; `typed` is what nobody has saved yet, the preview shows it where it can."""
    with open_world(readonly=True) as world:
        now = found_challenge(world, challenge_id)
        facts = desk_facts(world, days_of_plan(now.plan))
        older = sum(versions_in_play(world, challenge_id).values())
    if now.state not in ("scheduled", "live", "paused"):
        return go(url_for("console.challenge", challenge_id=challenge_id))
    form = typed or form_of(now.plan, now.revision, facts)
    shown = now
    with open_world(readonly=True) as world:
        if typed is not None and not typed.errors:
            plan = asked_plan(typed, now.plan, facts, shelf_for(world, now.plan))
            shown = replace(now, plan=plan)
        whom = whom_of(world, shown.plan)
    values: dict[str, Any] = builder_values(shown, facts, form, {}, whom)
    here = url_for("console.live_terms", challenge_id=challenge_id)
    back = url_for("console.challenge", challenge_id=challenge_id)
    g.frame = frame_for("challenges")
    return page(
        "console/challenge_terms.html",
        status=status,
        frame=g.frame,
        now=now,
        facts=facts,
        form=form,
        fault=fault,
        affected=newer_terms_text(older),
        **values | {"is_live": True},
        hrefs={"save": here, "back": back},
    )
