"""What each rule against cheating does, with its settings, and which have fallen silent."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.suspicions import (
    RULES,
    RuleState,
    rules_now,
    set_rule,
    undo_rule,
)
from gamification.definitions import current_definitions
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.invitations import places_of
from webapp.console.invitations_decided import account_names, whole
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.words.suspicions import action_name, setting_name
from webapp.world import open_world, run_world


class Change(NamedTuple):
    """What the form asks of one rule."""

    code: str
    action: str
    settings: dict[str, int]


@blueprint.get("/console/invitations/rules")
@allow("owner", "marketer")
def invitation_rules() -> Response:
    """Every rule as it acts now."""
    rules = read_rules()
    return rules_page(rules, Form(shown(rules)).remember(), said=request.args.get("saved", ""))


def shown(rules: tuple[RuleState, ...]) -> dict[str, str]:
    """The rules as the form shows them."""
    values = {}
    for rule in rules:
        values[f"action-{rule.code}"] = rule.action
        values |= {field_of(rule.code, name): str(value) for name, value in rule.settings.items()}
    return values


@blueprint.post("/console/invitations/rules")
@allow("owner", "marketer", keeps=("*",))
def save_invitation_rules() -> Response:
    """Let the rules that were changed act otherwise from now on; a bad field keeps all typed."""
    refuse_in_the_past()
    rules = read_rules()
    fields = [field_of(rule.code, name) for rule in rules for name in rule.settings]
    form = Form.posted(*fields, *(f"action-{rule.code}" for rule in rules))
    form.follow(shown(rules))
    wanted = [asked(form, rule) for rule in rules]
    if form.errors:
        return rules_page(rules, form, status=422)
    changed = [
        one for one, rule in zip(wanted, rules, strict=True)
        if (one.action, one.settings) != (rule.action, dict(rule.settings))
    ]  # fmt: skip
    run_world(partial(change_rules, changes=changed, by=actor()))
    LOG.info("invitation_rules_changed", by=actor(), rules=[one.code for one in changed])
    return go(url_for("console.invitation_rules", saved=len(changed)))


@blueprint.post("/console/invitations/rules/undo")
@allow("owner", "marketer")
def undo_invitation_rule() -> Response:
    """Let one rule act as before its last change."""
    refuse_in_the_past()
    change = whole(request.form.get("change", ""))
    undo = partial(undo_rule, change_id=change or 0, actor=actor())
    code = run_world(undo)
    LOG.info("invitation_rule_undone", by=actor(), rule=code)
    return go(url_for("console.invitation_rules", saved=1 if code else 0))


def change_rules(world: World, changes: list[Change], by: str) -> None:
    """All of them in one transaction."""
    for one in changes:
        set_rule(world, one.code, action=one.action, settings=one.settings, actor=by)


def field_of(code: str, name: str) -> str:
    """The field of a rule's setting."""
    return f"{code}-{name}"


def asked(form: Form, rule: RuleState) -> Change:
    """What the form asks for one rule."""
    action = form.values[f"action-{rule.code}"]
    if action not in RULES[rule.code].actions:
        form.refuse(f"action-{rule.code}", _("Choose one of the list."))
        action = rule.action
    settings = {
        name: form.whole(field_of(rule.code, name), bound.least, bound.most)
        for name, bound in RULES[rule.code].settings.items()
    }
    return Change(rule.code, action, settings)


def read_rules() -> tuple[RuleState, ...]:
    with open_world(readonly=True) as world:
        zone = current_definitions(world.session).programme.zone
        return tuple(
            replace(
                rule,
                fired_at=rule.fired_at and rule.fired_at.astimezone(zone),
                changed=rule.changed and replace(rule.changed, at=rule.changed.at.astimezone(zone)),
            )
            for rule in rules_now(world)
        )


def rules_page(
    rules: tuple[RuleState, ...], form: Form, *, said: str = "", status: int = 200
) -> Response:
    g.frame = frame_for("invitations")
    return page(
        "console/invitations_rules.html",
        status=status,
        frame=g.frame,
        places=places_of("rules"),
        rules=rules,
        actions={
            rule.code: [(each, action_name(each, rule.code)) for each in RULES[rule.code].actions]
            for rule in rules
        },
        fields={
            rule.code: [
                (field_of(rule.code, name), setting_name(rule.code, name)) for name in rule.settings
            ]
            for rule in rules
        },
        names=account_names({rule.changed.actor for rule in rules if rule.changed}),
        undo_action=url_for("console.undo_invitation_rule"),
        values=form.values,
        errors=form.errors,
        saved=int(said[:3]) if said.isascii() and said.isdigit() else None,
        action=url_for("console.save_invitation_rules"),
    )
