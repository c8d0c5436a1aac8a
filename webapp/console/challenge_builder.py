"""The builder of a draft: saved as it grows, undone, rehearsed and launched."""

import re
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from flask import Response, abort, g, make_response, request, url_for

from gamification.commands.challenge_desk import ChallengeNow
from gamification.commands.challenges import (
    ChallengePlan,
    launch_challenge,
    restore_revision,
    save_draft,
)
from gamification.readmodels.audiences import AudienceView, agreed_now, audience_view
from gamification.readmodels.challenge_desk import (
    MOST_RUNGS,
    MOST_STEPS,
    TEMPLATES,
    DeskFacts,
    Revision,
    Template,
    desk_facts,
    names_of,
    revisions_of,
    usual_dates,
)
from gamification.readmodels.conditions import parse_audience
from gamification.refusals import (
    ChallengeClosed,
    InvalidSetting,
    Overtaken,
    UnknownChallenge,
)
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_audience import MOST_ROWS, audience_rows, offered_kinds
from webapp.console.challenge_forms import LOOKS, ChallengeForm, asked_plan, form_of, sent_form
from webapp.console.challenge_ids import found_challenge, known_id
from webapp.console.challenge_people import people_called
from webapp.console.challenge_rehearsals import begin_rehearsal, rehearsal_values
from webapp.console.challenge_rows import mend, press
from webapp.console.challenge_steps import VERBS, is_shopping
from webapp.console.challenges import fresh_plan
from webapp.console.segment_fields import Shelf, shelf_of
from webapp.console.segments import blamed
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.tongue import gettext as _
from webapp.words import challenge_desk as desk
from webapp.words.audiences import STAGES
from webapp.words.challenge_preflight import (
    budget_advice,
    check_lines,
    day_strip,
    faults_in_words,
    launch_label,
    visible_effect,
)
from webapp.words.challenge_preview import preview_cards
from webapp.words.challenge_templates import FACES, template_words
from webapp.world import open_world, run_world

CONDITION = re.compile(r"a\d+_")
"""How fields of the audience's conditions begin."""
LISTS = {
    "windows": desk.WINDOWS, "repeats": desk.REPEATS, "enrols": desk.ENROLS,
    "counts_from": desk.COUNTS_FROM, "scenes": desk.SCENES, "glyphs": desk.GLYPH_NAMES,
}  # fmt: skip


@blueprint.post("/console/challenges/<int:challenge_id>")
@allow("owner", "marketer", keeps=("*",))
def save_challenge(challenge_id: int) -> Response:
    """Save the draft over the revision that was seen; a button may also change a row of it."""
    refuse_in_the_past()
    known_id(challenge_id)
    answer = saved_form(challenge_id)
    if isinstance(answer, Response):
        return answer
    form, wants_run = answer, request.form.get("do") == "rehearse"
    busy = wants_run and run_rehearsal(challenge_id, form.values["period"]) is None
    fault = _("Other rehearsals are running. Try again in a minute.") if busy else ""
    if request.htmx or fault:  # type: ignore[attr-defined]
        return builder_page(challenge_id, looks=form, fault=fault)
    where = "#rehearsal" if wants_run else f"#{request.form.get('at', '')[:20]}"
    fresh = form.values["opened"] or None
    return go(url_for("console.challenge", challenge_id=challenge_id, open=fresh)
              + where.rstrip("#"))  # fmt: skip


@blueprint.post("/console/challenges/<int:challenge_id>/launch")
@allow("owner", "marketer")
def launch(challenge_id: int) -> Response:
    """Save what the form says and launch exactly that."""
    refuse_in_the_past()
    known_id(challenge_id)
    answer = saved_form(challenge_id)
    if isinstance(answer, Response):
        return answer
    over = int(answer.values["over"])
    try:
        run_world(partial(launch_challenge, challenge_id=challenge_id, over=over, actor=actor()))
    except (InvalidSetting, Overtaken):
        fault = _("It cannot be launched yet: look at the list before the launch.")
        return builder_page(challenge_id, fault=fault, status=422)
    LOG.info("challenge_launched", by=actor(), challenge=challenge_id)
    return go(url_for("console.challenge", challenge_id=challenge_id, said="launched"))


@blueprint.post("/console/challenges/<int:challenge_id>/restore")
@allow("owner", "marketer")
def restore(challenge_id: int) -> Response:
    """Undo: an earlier revision becomes the newest one."""
    refuse_in_the_past()
    known_id(challenge_id)
    numbers = [whole(request.form.get(name, "")) for name in ("revision", "over")]
    unit = partial(restore_revision, challenge_id=challenge_id, revision=numbers[0],
                   over=numbers[1], actor=actor())  # fmt: skip
    try:
        run_world(unit)
    except Overtaken:
        return builder_page(challenge_id, fault=overtaken_text(), status=409)
    except UnknownChallenge:
        abort(404)
    except ChallengeClosed:
        return go(url_for("console.challenge", challenge_id=challenge_id))
    return go(url_for("console.challenge", challenge_id=challenge_id, said="restored"))


def whole(text: str) -> int:
    """A small whole number; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def overtaken_text() -> str:
    return _("This draft was saved from somewhere else meanwhile. Below is what is saved now.")


def saved_form(challenge_id: int) -> ChallengeForm | Response:
    """Save what was sent; answers the form with its new revision, or the page that says why not."""
    form = sent_form()
    with open_world(readonly=True) as world:
        now, facts = found_challenge(world, challenge_id), desk_facts(world, 14)
        shelf = shelf_for(world, now.plan)
    press(form, request.form.get("do", "")[:40], shelf)
    mend(form, request.form.get("mend", "")[:40])
    plan = wanted_plan(form, now.plan, facts, shelf)
    if now.state != "draft":
        return closed_page(challenge_id, form, same=plan == now.plan and not form.errors)
    if form.errors:
        return builder_page(challenge_id, typed=form, status=422)
    unit = partial(saved_revision, challenge_id=challenge_id, plan=plan,
                   over=whole(form.values["over"]))  # fmt: skip
    try:
        form.values["over"] = str(run_world(unit))
    except Overtaken as refusal:
        return overtaken_page(challenge_id, form, int(refusal.values["revision"]))
    except ChallengeClosed:
        return closed_page(challenge_id, form)
    except InvalidSetting as refusal:
        values = dict(refusal.values)
        name, fault = str(values.pop("field", "")), str(values.pop("fault", ""))
        form.refuse({"dates": "ends"}.get(name, name), desk.refused_setting(name, fault, values))
        return builder_page(challenge_id, typed=form, status=422)
    return form


def saved_revision(world: World, challenge_id: int, plan: ChallengePlan, over: int) -> int:
    """Save a draft; answers its newest revision."""
    return save_draft(world, challenge_id, plan, over=over, actor=actor()).revision


def closed_page(challenge_id: int, form: ChallengeForm, *, same: bool = False) -> Response:
    """It is no draft any more: nothing is saved, and nothing typed is lost."""
    if same and not request.htmx:  # type: ignore[attr-defined]
        return go(url_for("console.challenge", challenge_id=challenge_id))
    return builder_page(challenge_id, typed=form, closed=True, status=422)


def overtaken_page(challenge_id: int, form: ChallengeForm, revision: int) -> Response:
    """Somebody saved meanwhile: the person chooses whose version stays, nothing typed is lost."""
    form.values["over"] = str(revision)
    with open_world(readonly=True) as world:
        newest = revisions_of(world, challenge_id)[0]
    whose = "own" if newest.actor == actor() else "other"
    return builder_page(challenge_id, typed=form, overtaken=whose, status=422)


def wanted_plan(
    form: ChallengeForm, saved: ChallengePlan, facts: DeskFacts, shelf: Shelf
) -> ChallengePlan:
    """What the form asks for; another template brings its own goal, reward and words."""
    chosen = next((t for t in TEMPLATES if t == form.values["template"]), None)
    if chosen is None or chosen == saved.template:
        return asked_plan(form, saved, facts, shelf)
    return turned_into(saved, chosen, facts)


def turned_into(saved: ChallengePlan, template: Template, facts: DeskFacts) -> ChallengePlan:
    """A plan made over from another template; what somebody wrote or dated is kept."""
    fresh = fresh_plan(template, facts)
    former = template_words(saved.template) if saved.template in FACES else {}
    words = {
        language: fresh.words[language] if said == former.get(language) else said
        for language, said in saved.words.items()
    }
    terms = fresh.terms
    if saved.terms.audience and not terms.audience:
        terms = terms.model_copy(update={"audience": saved.terms.audience})
    plan = replace(fresh, terms=terms, words={**fresh.words, **words}, budget=saved.budget)
    usual = usual_dates("blank", facts.now.date())[0]
    starts = saved.starts_at
    if starts is None or starts.astimezone(facts.zone).date() == usual:
        return plan
    return replace(plan, starts_at=starts, ends_at=saved.ends_at)


def run_rehearsal(challenge_id: int, period: str) -> Any:
    """Begin a rehearsal of what is saved."""
    with open_world(readonly=True) as world:
        now, facts = found_challenge(world, challenge_id), desk_facts(world, 1)
    return begin_rehearsal(now, facts, period)


def builder_page(
    challenge_id: int,
    *,
    typed: ChallengeForm | None = None,
    looks: ChallengeForm | None = None,
    overtaken: str = "",
    closed: bool = False,
    said: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    """The page. `typed` could not be saved and is shown as it is; `looks` keeps the preview's."""
    with open_world(readonly=True) as world:
        now = found_challenge(world, challenge_id)
        rivals = [v["challenge"] for _f, fault_, v in now.faults if fault_ == "paid_twice"]
        facts = desk_facts(world, days_of_plan(now.plan))
        names = names_of(world, rivals)
        revisions = revisions_of(world, challenge_id)
        whom = whom_of(world, now.plan)
    form = typed or form_of(now.plan, now.revision, facts)
    if looks is not None:
        form.values |= {k: looks.values[k] for k in (*LOOKS, "opened")}
    g.frame = frame_for("challenges")
    form.values.setdefault("opened", request.args.get("open", ""))
    values = builder_values(now, facts, form, names, whom)
    answer = page(
        "console/challenge_builder.html",
        status=status,
        frame=g.frame,
        now=now,
        facts=facts,
        form=form,
        overtaken=overtaken,
        closed=closed,
        said=said,
        fault=fault,
        **versions_values(now, revisions),
        **values,
        hrefs=builder_hrefs(challenge_id),
    )
    return make_response(answer)


def days_of_plan(plan: ChallengePlan) -> int:
    """How long a challenge is, in days."""
    if plan.starts_at is None or plan.ends_at is None:
        return 14
    return min(400, max(1, (plan.ends_at - plan.starts_at).days))


class Whom(NamedTuple):
    """What conditions may name, and who is in; no view where nothing is asked: everybody."""

    shelf: Shelf
    agreed: int
    view: AudienceView | None = None


def shelf_for(world: World, plan: ChallengePlan) -> Shelf:
    """What the conditions of a plan may name."""
    return shelf_of(world).holding(parse_audience(plan.terms.audience))


def whom_of(world: World, plan: ChallengePlan) -> Whom:
    """The audience of a plan as the page shows it."""
    audience = parse_audience(plan.terms.audience)
    view = audience_view(world, audience) if audience.conditions else None
    agreed = agreed_now(world) if view is None else view.agreed
    return Whom(shelf_of(world).holding(audience), agreed, view)


def builder_values(
    now: ChallengeNow,
    facts: DeskFacts,
    form: ChallengeForm,
    names: dict[int, dict[str, str]],
    whom: Whom,
) -> dict[str, Any]:
    """Everything that the builder shows beside the form's own values."""
    plan = now.plan
    panel = rehearsal_values(now, facts)
    fresh = panel["job"] is not None and not panel.get("is_stale")
    found = panel["job"].found if fresh else None
    advice = budget_advice(plan, found, panel.get("chart"))
    faults = faults_in_words(now, names)
    size = facts.members if whom.view is None else whom.view.size
    return {
        "title": desk.name_in({k: words.name for k, words in plan.words.items()}),
        "cards": preview_cards(plan, facts),
        "rehearsal": panel,
        "advice": advice,
        "faults": {fault.field: fault for fault in reversed(faults)},
        "checks": check_lines(now, faults, advice, whom.agreed),
        "launch_label": launch_label(plan, facts),
        "size": size,
        "control": size * plan.terms.control_percent // 100,
        "effect": visible_effect(size, plan, facts),
        "strip": day_strip(plan, facts),
        "offers": offers_of(facts, form, whom.shelf),
        "whom": {
            "view": whom.view,
            "names": whom.shelf.names,
            "stages": STAGES,
            "blame": blamed(whom.view, whom.shelf) if whom.view else None,
        },
        "is_live": False,
    }


def offers_of(facts: DeskFacts, form: ChallengeForm, shelf: Shelf) -> dict[str, Any]:
    """What the form's lists offer."""
    counts = {"steps": MOST_STEPS, "rungs": MOST_RUNGS - 1, "conditions": MOST_ROWS}
    found = {k: form.count(k, most, int(k == "steps")) for k, most in counts.items()}
    return {
        "templates": [(code, FACES[code]) for code in TEMPLATES],
        "verbs": desk.choices(desk.VERB_NAMES),
        "shopping": [verb for verb in VERBS if is_shopping(verb)],
        "weekdays": [(str(n + 1), _(name)) for n, name in enumerate(desk.WEEKDAYS)],
        "conditions": offered_kinds(shelf),
        "rows": audience_rows(form, form.lists, shelf, facts.currency, found["conditions"]),
        "whose": ["control_percent", *(x for x in form.errors if CONDITION.match(x))],
        "counts": found,
        "most": counts,
        "reminders": sorted({*map(str, (1, 2, 3, 5, 7)), *form.lists.get("remind", ())}, key=int),
        **{name: desk.choices(words) for name, words in LISTS.items()},
    }


def versions_values(now: ChallengeNow, revisions: tuple[Revision, ...]) -> dict[str, Any]:
    """The saved revisions, and the one that undo goes back to."""
    content = now.plan.content()
    earlier = [one for one in revisions if one.number < now.revision and one.content != content]
    return {
        "revisions": revisions,
        "saved_at": revisions[0].at if revisions else None,
        "undo": earlier[0].number if earlier else None,
        "people": people_called(one.actor for one in revisions),
    }


def builder_hrefs(challenge_id: int) -> dict[str, str]:
    """The addresses of the builder's forms."""
    names = {"save": "save_challenge", "launch": "launch", "restore": "restore",
             "copy": "copy_of_challenge", "away": "put_draft_away",
             "here": "challenge"}  # fmt: skip
    found = {k: url_for(f"console.{v}", challenge_id=challenge_id) for k, v in names.items()}
    return found | {"all": url_for("console.challenges")}
