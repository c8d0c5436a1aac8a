"""Rehearsals: an earn rule or a scheme of tiers tried on what already happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, g, request, url_for
from flask_babel import gettext as _

from gamification.readmodels.rehearsals import (
    Draftable,
    PresentRule,
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
    asked_draft,
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
from webapp.console.steps import go
from webapp.frame import frame_for, is_open_to
from webapp.page import page
from webapp.rehearsing.found import rule_found, tiers_found
from webapp.rehearsing.runner import Steps, start_run
from webapp.rehearsing.runs import Run, find_run, mark_of, stop_run
from webapp.row_numbers import as_row
from webapp.signin import visitor
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
from webapp.world import open_entrance, open_world, run_entrance

LONGEST = 60.0
"""After so many seconds a rehearsal of these pages gives up and says so."""
ENDPOINTS = {"rule": "console.rehearsals", "tiers": "console.tier_rehearsal"}
RULES_PAGE, TIERS_PAGE = "console/rehearsal_rule.html", "console/rehearsal_tiers.html"


@blueprint.get("/console/rehearsals")
@allow("owner", "marketer")
def rehearsals() -> Response:
    """A rule's draft to fill in and, where `run` names one, how far it is or what it found."""
    asked = asked_rule()
    values = rule_page_values(asked)
    found = run_asked_for("rule", asked.shop, asked.form)
    if found is None:
        return page(RULES_PAGE, status=422 if asked.form.errors else 200, **values)
    called = asked.rule.name if asked.rule else draft_name()

    def told(world: World, value: dict[str, Any]) -> dict[str, Any]:
        return rule_result(world, rule_found(value), called, asked.days)

    return page(RULES_PAGE, **values | run_values(found, told))


@blueprint.post("/console/rehearsals")
@allow("owner", "marketer")
def rehearse_rule() -> Response:
    """Let a rule's draft be tried on the past; its address then says how far it is."""
    asked = asked_rule()
    draft = typed_rule(asked.form, asked.shop, asked.kind, asked.rule) if asked.typed else None
    if draft is None or asked.form.errors:
        status = 422 if asked.form.errors else 200
        return page(RULES_PAGE, status=status, **rule_page_values(asked))

    def steps(world: World) -> Iterator[tuple[int, RuleRehearsal | None]]:
        return rule_steps(world, draft, asked.days)

    begun = begun_run("rule", steps, asked.shop, asked.form)
    return begun or busy_page(RULES_PAGE, rule_page_values(asked))


@blueprint.get("/console/rehearsals/tiers")
@allow("owner", "marketer")
def tier_rehearsal() -> Response:
    """A scheme's draft to fill in and, where `run` names one, how far it is or what it found."""
    shop = read_draftable()
    form = asked_form("since", "till", *tier_fields())
    days = period(form, shop.today)
    if "run" not in request.args:
        form.values |= tier_values(shop, named)
    run = run_asked_for("tiers", shop, form)
    values = tier_page_values(shop, form)
    if run is None:
        return page(TIERS_PAGE, status=422 if form.errors else 200, **values)
    scheme, names = typed_scheme(form, shop)

    def told(world: World, value: dict[str, Any]) -> dict[str, Any]:
        return tier_result(world, tiers_found(value), shop, scheme, names, days)

    return page(TIERS_PAGE, **values | run_values(run, told))


@blueprint.post("/console/rehearsals/tiers")
@allow("owner", "marketer")
def rehearse_tiers() -> Response:
    """Let a scheme's draft be tried on the past; its address then says how far it is."""
    shop = read_draftable()
    form = asked_form("since", "till", *tier_fields())
    days = period(form, shop.today)
    scheme, _names = typed_scheme(form, shop)
    if form.errors:
        return page(TIERS_PAGE, status=422, **tier_page_values(shop, form))

    def steps(world: World) -> Iterator[tuple[int, TierRehearsal | None]]:
        return tier_steps(world, scheme, days)

    begun = begun_run("tiers", steps, shop, form)
    return begun or busy_page(TIERS_PAGE, tier_page_values(shop, form))


@blueprint.post("/console/rehearsals/<int:run_id>/stop")
@allow("owner", "marketer")
def stop_run_of_draft(run_id: int) -> Response:
    """Stop a rehearsal that runs, in whichever process; what it found so far is dropped."""
    with open_entrance(readonly=True) as world:
        run = find_run(world, run_id)
    if run is None or run.kind not in ENDPOINTS:
        abort(404)
    run_entrance(partial(stop_run, run_id=run_id))
    return go(address_of(run.kind, run.draft, run_id) + "#found")


def address_of(kind: str, draft: dict[str, list[str]], run_id: int) -> str:
    """The page of a draft and its rehearsal."""
    query = urlencode([*sorted(draft.items()), ("run", run_id)], doseq=True)
    return f"{url_for(ENDPOINTS[kind])}?{query}"


def begun_run(kind: str, steps: Steps, shop: Draftable, form: Form) -> Response | None:
    """Begin a rehearsal and lead to its address; None while too many others run."""
    draft = asked_draft(form)
    run_id = start_run(kind, steps, draft_mark(shop, draft), draft, longest=LONGEST)
    if run_id is None:
        return None
    return go(address_of(kind, draft, run_id) + "#found")


def draft_mark(shop: Draftable, draft: dict[str, list[str]]) -> str:
    """The fingerprint of a draft in this shop: with other tiers it is another one."""
    return mark_of([draft, [tier.code for tier in shop.tiers]])


def run_asked_for(kind: str, shop: Draftable, form: Form) -> Run | None:
    """The rehearsal that the address names, as long as it was of the draft beside it."""
    try:
        run_id = as_row(request.args.get("run", ""))
    except ValueError:
        return None
    with open_entrance(readonly=True) as world:
        run = find_run(world, run_id)
    if run is None or run.kind != kind:
        return None
    return run if run.mark == draft_mark(shop, asked_draft(form)) else None


def run_values(run: Run, told: Callable[[World, dict[str, Any]], Any]) -> dict[str, Any]:
    """What the page shows of a rehearsal: `found` once it is done."""
    found = None
    if run.found is not None:
        with open_world(readonly=True) as world:
            found = told(world, run.found)
    hrefs = {
        "watch": address_of(run.kind, run.draft, run.id),
        "stop": url_for("console.stop_run_of_draft", run_id=run.id),
    }
    return {"run": run, "found": found, "run_hrefs": hrefs}


def busy_page(template: str, values: dict[str, Any]) -> Response:
    """Nothing was begun; what was typed stays."""
    fault = _("Other rehearsals are running. Try again in a minute.")
    return page(template, status=409, **values | {"fault": fault})


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule's draft as it was sent; `typed` is False while its fields are still the rule's own."""

    shop: Draftable
    form: Form
    days: Days
    kind: str
    rule: PresentRule | None
    chosen: dict[str, Any]
    typed: bool


def asked_rule() -> AskedRule:
    """What was sent, filled up from the rule in force where another one was chosen."""
    shop = read_draftable()
    form = asked_form("since", "till", *rule_fields(shop))
    days = period(form, shop.today)
    kind, rule = rule_chosen(shop, form.values["rule"])
    form.values["rule"] = f"rule:{rule.code}" if rule else f"new:{kind}"
    typed = request.values.get("kind") == kind_key(kind, form)
    chosen: dict[str, Any] = {"categories": several("categories"), "weekdays": several("weekdays")}
    if not typed:
        fresh = rule_values(shop, kind, rule)
        chosen = {name: fresh.pop(name) for name in ("categories", "weekdays")}
        form.values |= fresh
    return AskedRule(shop, form, days, kind, rule, chosen, typed)


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
    return {
        "frame": g.frame,
        "values": form.values,
        "errors": form.errors,
        "currency": shop.programme.currency,
        "run": None,
        "found": None,
        "fault": "",
        "action": url_for(ENDPOINTS[current]),
        "places": [
            (_("Earn rule"), url_for("console.rehearsals"), current == "rule"),
            (_("Tiers"), url_for("console.tier_rehearsal"), current == "tiers"),
        ],
        "hrefs": {"publish": url_for("console.programme") if publishes else ""},
    }


def rule_page_values(asked: AskedRule) -> dict[str, Any]:
    """The form of a rule with the fields of its kind."""
    shop, form, kind, chosen = asked.shop, asked.form, asked.kind, asked.chosen
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
