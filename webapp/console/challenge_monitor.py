"""A launched challenge: watched, paused, given more time or money, stopped, called off."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, g, request, url_for

from gamification.commands.challenge_desk import ChallengeNow
from gamification.commands.challenges import (
    ChallengeWords,
    cancel_challenge,
    change_words,
    lengthen,
    pause_challenge,
    raise_budget,
    resume_challenge,
    stop_challenge,
)
from gamification.readmodels.challenge_desk import DeskFacts, desk_facts, journal_of, report_of
from gamification.refusals import ChallengeClosed, InvalidSetting, UnknownChallenge
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.challenge_builder import builder_page
from webapp.console.challenge_forms import (
    LANGUAGES,
    MOST_BUDGET,
    WORDS,
    ChallengeForm,
    end_text,
    typed_end,
)
from webapp.console.challenge_ids import found_challenge, known_id
from webapp.console.challenge_people import people_called
from webapp.console.fields import follow
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.tongue import gettext as _
from webapp.words.challenge_desk import log_actor, name_in, refused_setting
from webapp.words.challenge_monitor import monitor_words
from webapp.words.challenge_preview import preview_cards
from webapp.world import open_world, run_world

ACTS = {
    "pause": ("live",),
    "resume": ("paused",),
    "stop": ("live", "paused"),
    "cancel": ("scheduled", "live", "paused"),
    "budget": ("scheduled", "live", "paused", "ending"),
    "lengthen": ("scheduled", "live", "paused"),
    "words": ("scheduled", "live", "paused", "ending", "ended"),
    "terms": ("scheduled", "live", "paused"),
}
"""What may be done with a challenge, by the states in which it may be."""
RENEWED = ("live", "paused", "ending")
"""States in which the figures move: the page renews them."""
LONGEST_REASON = 200


@blueprint.get("/console/challenges/<int:challenge_id>")
@allow("owner", "marketer")
def challenge(challenge_id: int) -> Response:
    """The builder of a draft, or the monitor of what was launched."""
    known_id(challenge_id)
    said = request.args.get("said", "")
    with open_world(readonly=True) as world:
        now = found_challenge(world, challenge_id)
    if now.state == "draft":
        return builder_page(challenge_id, said=said)
    if now.launched_at is None:
        abort(404)
    return monitor_page(challenge_id, said=said)


@blueprint.post("/console/challenges/<int:challenge_id>/act")
@allow("owner", "marketer")
def act_on_challenge(challenge_id: int) -> Response:
    """Do one of the acts; each says what it did, or what stands in its way."""
    refuse_in_the_past()
    known_id(challenge_id)
    act = request.form.get("act", "")
    if act not in UNITS:
        abort(404)
    with open_world(readonly=True) as world:
        facts = desk_facts(world, 1)
        now = found_challenge(world, challenge_id)
    form = act_form(act, now, facts)
    unit = UNITS[act](form, now, facts)
    if form.errors:
        return monitor_page(challenge_id, typed=form, status=422)
    try:
        run_world(partial(unit, challenge_id=challenge_id, actor=actor()))
    except ChallengeClosed:
        fault = _("It was not done: the challenge is in another state by now.")
        return monitor_page(challenge_id, fault=fault, status=409)
    except InvalidSetting as refusal:
        values = dict(refusal.values)
        name, fault = str(values.pop("field", "")), str(values.pop("fault", ""))
        form.refuse({"dates": "ends"}.get(name, name), refused_setting(name, fault, values))
        return monitor_page(challenge_id, typed=form, status=422)
    LOG.info("challenge_act", by=actor(), challenge=challenge_id, act=act)
    return go(url_for("console.challenge", challenge_id=challenge_id, said=act))


def act_form(act: str, now: ChallengeNow, facts: DeskFacts) -> ChallengeForm:
    """The fields of an act as they were sent; those of the other acts as they stand."""
    stand = monitor_form(now, facts).values
    sent = {name: request.form[name].strip()[:1000] for name in stand if name in request.form}
    form = ChallengeForm(stand | sent | {"act": act})
    if act == "words":
        follow(form.values, words_of(now))
    return form


Unit = Callable[..., Any]


def reason_of(form: ChallengeForm) -> str:
    """Why somebody does what others will have to explain."""
    reason = form.values["reason"]
    if not reason:
        form.refuse("reason", _("Say why: it is kept in the journal."))
    if len(reason) > LONGEST_REASON:
        form.refuse("reason", _("At most %(most)s characters fit here.", most=LONGEST_REASON))
    return reason


def pausing(form: ChallengeForm, _now: ChallengeNow, _facts: DeskFacts) -> Unit:
    return partial(pause_challenge, reason=reason_of(form))


def resuming(_form: ChallengeForm, _now: ChallengeNow, _facts: DeskFacts) -> Unit:
    return resume_challenge


def stopping(form: ChallengeForm, _now: ChallengeNow, _facts: DeskFacts) -> Unit:
    return partial(stop_challenge, reason=reason_of(form))


def cancelling(form: ChallengeForm, _now: ChallengeNow, _facts: DeskFacts) -> Unit:
    each = form.whole_or_none("compensation", 0, 1_000_000) or 0
    return partial(cancel_challenge, reason=reason_of(form), compensation=each)


def raising(form: ChallengeForm, now: ChallengeNow, _facts: DeskFacts) -> Unit:
    if not form.values["budget"]:
        form.refuse("budget", _("Say how many points it may cost altogether."))
    least = (now.plan.budget or 0) + 1
    return partial(raise_budget, budget=form.whole_or_none("budget", least, MOST_BUDGET) or least)


def lengthening(form: ChallengeForm, now: ChallengeNow, facts: DeskFacts) -> Unit:
    ends = typed_end(form, facts)
    if ends is None:
        form.refuse("ends", _("Write a date and a time, such as 2026-12-01 09:00."))
    elif now.plan.ends_at is not None and ends <= now.plan.ends_at:
        form.refuse("ends", refused_setting("dates", "shorter", {}))
    return partial(lengthen, ends_at=ends or facts.now)


def wording(form: ChallengeForm, _now: ChallengeNow, _facts: DeskFacts) -> Unit:
    values, words = form.values, {}
    for language in LANGUAGES:
        for name, most in WORDS.items():
            if len(values[f"{name}_{language}"]) > most:
                form.refuse(
                    f"{name}_{language}", _("At most %(most)s characters fit here.", most=most)
                )
        words[language] = ChallengeWords(*(values[f"{name}_{language}"] for name in WORDS))

    def change(world: World, *, challenge_id: int, actor: str) -> None:
        change_words(world, challenge_id, words, actor=actor)

    return change


UNITS: dict[str, Callable[[ChallengeForm, ChallengeNow, DeskFacts], Unit]] = {
    "pause": pausing,
    "resume": resuming,
    "stop": stopping,
    "cancel": cancelling,
    "budget": raising,
    "lengthen": lengthening,
    "words": wording,
}


def monitor_page(
    challenge_id: int,
    *,
    typed: ChallengeForm | None = None,
    said: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    """The page; `typed` is an act that could not be done, shown open as it was filled in."""
    try:
        with open_world(readonly=True) as world:
            now = found_challenge(world, challenge_id)
            facts = desk_facts(world, 1)
            report = report_of(world, challenge_id)
            words = monitor_words(report, facts)
            begun = report.begun
            journal = journal_of(world, challenge_id)
    except UnknownChallenge:
        abort(404)
    people = people_called(line.actor for line in journal)
    g.frame = frame_for("challenges")
    return page(
        "console/challenge_monitor.html",
        status=status,
        frame=g.frame,
        now=now,
        title=name_in({k: one.name for k, one in now.plan.words.items()}),
        it=words,
        begun=begun,
        acts=[act for act, states in ACTS.items() if now.state in states],
        form=typed or monitor_form(now, facts),
        cards=preview_cards(now.plan, facts),
        journal=[(line, log_actor(line.actor, people)) for line in journal],
        facts=facts,
        said=said if said in (*ACTS, "launched") else "",
        fault=fault,
        renews=now.state in RENEWED,
        moved=request.args.get("seen", now.state) != now.state,
        hrefs=monitor_hrefs(challenge_id, now.state),
    )


def monitor_form(now: ChallengeNow, facts: DeskFacts) -> ChallengeForm:
    """The fields of the acts as they stand now."""
    values = {"reason": "", "act": "", "budget": str(now.plan.budget or ""),
              "compensation": str(now.plan.terms.compensation or ""),
              "ends": end_text(now.plan.ends_at, facts)}  # fmt: skip
    words = words_of(now)
    return ChallengeForm(values | words | {"seen": json.dumps(words)})


def words_of(now: ChallengeNow) -> dict[str, str]:
    """The texts as their form shows them."""
    said = {language: now.plan.words.get(language, ChallengeWords()) for language in LANGUAGES}
    return {
        f"{name}_{language}": getattr(said[language], name)
        for language in LANGUAGES
        for name in WORDS
    }


def monitor_hrefs(challenge_id: int, state: str) -> dict[str, str]:
    """The addresses of the monitor's forms; it is renewed as seen in a state."""
    names = {"act": "act_on_challenge", "copy": "copy_of_challenge", "here": "challenge",
             "terms": "live_terms"}  # fmt: skip
    found = {k: url_for(f"console.{v}", challenge_id=challenge_id) for k, v in names.items()}
    renew = url_for("console.challenge", challenge_id=challenge_id, seen=state)
    return found | {"all": url_for("console.challenges"), "renew": renew}
