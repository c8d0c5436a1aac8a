"""Rehearsals: an earn rule or a scheme of tiers tried on what already happened."""

from collections.abc import Iterator
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.readmodels.rehearsals import (
    Draftable,
    RuleRehearsal,
    TierRehearsal,
    TierScheme,
    draftable,
    rule_steps,
    tier_steps,
    told_rules,
    told_tiers,
)
from gamification.readmodels.views import Named
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.rehearsal_fields import (
    DRAFT,
    NEW,
    Days,
    asked_form,
    period,
    rule_chosen,
    rule_fields,
    rule_values,
    several,
    tier_fields,
    tier_values,
    typed_rule,
    typed_scheme,
)
from webapp.frame import frame_for, is_open_to
from webapp.page import page
from webapp.signin import visitor
from webapp.streaming import LiveRun, live_page
from webapp.words.formats import named
from webapp.words.rehearsals import (
    DOWNGRADES,
    KINDS,
    columns_of,
    group_rows,
    matrix_rows,
    month_rows,
    tier_sample_line,
    unknown_lines,
    weekdays,
)
from webapp.world import open_world

RULES_PAGE, TIERS_PAGE = "console/rehearsal_rule.html", "console/rehearsal_tiers.html"


@blueprint.get("/console/rehearsals")
@allow("owner", "marketer")
def rehearsals() -> Response:
    """A rule's draft to fill in and, where `run` asks for it, what it would have changed."""
    shop = read_draftable()
    form = asked_form("since", "till", *rule_fields(shop))
    days = period(form, shop.today)
    kind, rule = rule_chosen(shop, form.values["rule"])
    form.values["rule"] = f"rule:{rule.code}" if rule else f"new:{kind}"
    typed = "kind" in request.args and request.args["kind"] == kind_key(kind, form)
    chosen: dict[str, Any] = {"categories": several("categories"), "weekdays": several("weekdays")}
    if not typed:
        fresh = rule_values(shop, kind, rule)
        chosen = {name: fresh.pop(name) for name in ("categories", "weekdays")}
        form.values |= fresh
    values = rule_page_values(shop, form, kind, chosen)
    if "run" not in request.args or not typed:
        return page(RULES_PAGE, status=422 if form.errors else 200, **values)
    draft = typed_rule(form, shop, kind, rule)
    if form.errors:
        return page(RULES_PAGE, status=422, **values)
    called = rule.name if rule else draft_name()

    def finish(world: World, found: RuleRehearsal) -> dict[str, Any]:
        return rule_result(world, found, called, days)

    run = LiveRun(lambda world: rule_steps(world, draft, days), finish)
    return live_page(RULES_PAGE, run, **values)


@blueprint.get("/console/rehearsals/tiers")
@allow("owner", "marketer")
def tier_rehearsal() -> Response:
    """A scheme's draft to fill in and, where `run` asks for it, who would stand where."""
    shop = read_draftable()
    form = asked_form("since", "till", *tier_fields())
    days = period(form, shop.today)
    if "run" not in request.args and "back" not in request.args:
        form.values |= tier_values(shop, named)
    values = tier_page_values(shop, form)
    if "run" not in request.args:
        return page(TIERS_PAGE, status=422 if form.errors else 200, **values)
    scheme, names = typed_scheme(form, shop)
    if form.errors:
        return page(TIERS_PAGE, status=422, **values)

    def finish(world: World, found: TierRehearsal) -> dict[str, Any]:
        return tier_result(world, found, shop, scheme, names, days)

    def steps(world: World) -> Iterator[tuple[int, TierRehearsal | None]]:
        return tier_steps(world, scheme, days)

    return live_page(TIERS_PAGE, LiveRun(steps, finish), **values)


def read_draftable() -> Draftable:
    with open_world(readonly=True) as world:
        return draftable(world)


def kind_key(kind: str, form: Form) -> str:
    """What the fields of a form belong to: they are filled anew for another rule."""
    return f"{kind}:{form.values['rule']}"


def draft_name() -> Named:
    """What a new rule is called in sentences."""
    return Named(DRAFT, {"ru": _("The draft"), "en": _("The draft")})


def common_values(shop: Draftable, form: Form, current: str) -> dict[str, Any]:
    """What both pages need."""
    g.frame = frame_for("rehearsals")
    who = visitor()
    publishes = who is not None and is_open_to("console.programme", who.role)
    asked = request.args.to_dict(flat=False)
    asked.pop("run", None)
    back = {**asked, "back": "1"} if current == "tiers" else asked
    endpoint = {"rule": "console.rehearsals", "tiers": "console.tier_rehearsal"}
    return {
        "frame": g.frame,
        "values": form.values,
        "errors": form.errors,
        "currency": shop.programme.currency,
        "run": None,
        "action": url_for(endpoint[current]),
        "places": [
            (_("Earn rule"), url_for("console.rehearsals"), current == "rule"),
            (_("Tiers"), url_for("console.tier_rehearsal"), current == "tiers"),
        ],
        "hrefs": {
            "back": url_for(endpoint[current], **back),
            "publish": url_for("console.programme") if publishes else "",
        },
    }


def rule_page_values(
    shop: Draftable, form: Form, kind: str, chosen: dict[str, Any]
) -> dict[str, Any]:
    """The form of a rule with the fields of its kind."""
    offered = [(f"new:{one}", _("New: %(kind)s", kind=KINDS[one])) for one in NEW]
    present = [(f"rule:{rule.code}", rule_label(rule.kind, rule.name)) for rule in shop.rules]
    stands = any(key == form.values["rule"] for key, _label in present)
    return {
        **common_values(shop, form, "rule"),
        "kind": kind,
        "kind_key": kind_key(kind, form),
        "kinds": [*offered, *present],
        "stands": stands,
        "tiers": shop.tiers,
        "categories": list(dict.fromkeys((*chosen["categories"], *shop.categories))),
        "weekdays": weekdays(),
        "chosen": chosen,
    }


def rule_label(kind: str, name: Named) -> str:
    """A rule in force in the list: its name, else what it does."""
    text = str(KINDS[kind])
    called = named(name)
    return text if called == name.code else f"{called} ({text[0].lower()}{text[1:]})"


def rule_result(world: World, found: RuleRehearsal, called: Named, days: Days) -> dict[str, Any]:
    """What a rehearsed rule came to, as the template takes it."""
    each, columns = columns_of(found, *days)
    return {
        "it": found,
        "each": each,
        "columns": columns,
        "groups": group_rows(found.spread.groups),
        "samples": told_rules(world, found, called),
        "unknown": unknown_lines(found.unknown),
    }


def tier_page_values(shop: Draftable, form: Form) -> dict[str, Any]:
    """The form of a scheme."""
    return {
        **common_values(shop, form, "tiers"),
        "rungs": range(1, 5),
        "downgrades": [(code, str(label)) for code, label in DOWNGRADES.items()],
    }


def tier_result(
    world: World,
    found: TierRehearsal,
    shop: Draftable,
    scheme: TierScheme,
    drafted: dict[str, Named],
    days: Days,
) -> dict[str, Any]:
    """What replayed tiers came to, as the template takes it."""
    known = {tier.code: tier.named for tier in shop.tiers}
    order = [tier.code for tier in scheme.tiers]
    currency = shop.programme.currency
    each, columns = columns_of(found, *days)
    return {
        "it": found,
        "each": each,
        "columns": columns,
        "groups": group_rows(found.spread.groups),
        "order": [named(drafted[code]) for code in order],
        "matrix": [
            (named(known[code]), list(zip(order, counts, strict=True)), code)
            for code, counts in matrix_rows(found.matrix, list(known), order)
        ],
        "months": month_rows(found),
        "samples": [
            (one, named(known[one.sample.stands]), named(drafted[one.sample.would]),
             tier_sample_line(one, drafted, currency, scheme.window_days))
            for one in told_tiers(world, found)
        ],
        "unknown": unknown_lines(found.unknown),
    }  # fmt: skip
