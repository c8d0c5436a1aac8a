"""Set-up, step 1: the shop's name, logo, colour, currency, zone and the worth of a point."""

from dataclasses import replace
from functools import partial

from flask import Response, url_for
from flask_babel import gettext as _

from gamification.commands.founding import begin_programme, is_in_use, revise_programme
from gamification.commands.owner import ProgrammePlan, TierPlan, usual_worth
from gamification.points import minor_digits
from gamification.programme import ProgrammeRow
from gamification.readmodels.terms import terms_of
from gamification.world import World
from webapp.access import allow
from webapp.brand.logo import logo_of
from webapp.catalogue import LANGUAGES
from webapp.console.blueprint import blueprint
from webapp.console.fields import HOUSE_COLOUR, Form, money_text, take_logo, texts
from webapp.console.places import CURRENCIES, currency_choices
from webapp.console.programme import LOGO_BODY
from webapp.console.steps import (
    actor,
    after_founding,
    go,
    is_open,
    programme_row,
    refuse_in_the_past,
)
from webapp.contrast import brand_of
from webapp.frame import chosen_locale, forget_shop
from webapp.log import LOG
from webapp.page import page
from webapp.tier_names import named_plans
from webapp.words.settings import LANGUAGE_NAMES
from webapp.world import entrance_worlds, open_entrance, run_world
from webapp.zones import known_zones, zone_choices

FIELDS = ("name", "colour", "locale", "currency", "zone", "worth", "pending_days")
MOST_WORTH = 10**6
MOST_PENDING = 90


@blueprint.get("/setup")
@allow("owner")
def shop() -> Response:
    """Ask for the shop; once something has happened in it, go on to where the founder was."""
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
        settled = row is not None and (is_open(row) or is_in_use(world))
    if settled:
        return go(url_for(after_founding(row)))
    return shop_page(Form(values_of(row) if row else first_values()))


def first_values() -> dict[str, str]:
    """What stands in the form at first: the usual terms of the reader's part of the world."""
    currency, zone = ("RUB", "Europe/Moscow") if chosen_locale() == "ru" else ("USD", "UTC")
    return texts(
        name="", colour=HOUSE_COLOUR, locale=chosen_locale(), currency=currency, zone=zone,
        worth=money_text(usual_worth(currency), currency), pending_days=14,
    )  # fmt: skip


def values_of(row: ProgrammeRow) -> dict[str, str]:
    """What was chosen before."""
    return texts(
        name=row.name, colour=row.colour or HOUSE_COLOUR, locale=row.locale,
        currency=row.currency, zone=row.zone,
        worth=money_text(row.point_worth, row.currency), pending_days=row.pending_days,
    )  # fmt: skip


@blueprint.post("/setup")
@allow("owner", body=LOGO_BODY, keeps=("*",))
def save_shop() -> Response:
    """Begin the programme, or revise what was begun; then on to the tiers."""
    refuse_in_the_past()
    form = Form.posted(*FIELDS)
    plan = plan_of(form)
    take_logo(form)
    if form.errors:
        return shop_page(form, status=422)
    run_world(partial(found, plan=plan))
    forget_shop()
    LOG.info("programme_begun", by=actor())
    return go(url_for("console.tiers"))


def plan_of(form: Form) -> ProgrammePlan:
    """The plan that the fields make; what is wrong stands in the form."""
    currency, zone = form.values["currency"], form.values["zone"]
    if currency not in CURRENCIES:
        form.refuse("currency", _("Choose one of the list."))
        currency = CURRENCIES[0]
    locale = form.values["locale"] or chosen_locale()
    if locale not in LANGUAGES:
        form.refuse("locale", _("Choose one of the list."))
    if zone not in known_zones():
        form.refuse("zone", _("Choose one of the list."))
    return ProgrammePlan(
        name=form.name(),
        currency=currency,
        zone=zone,
        locale=locale,
        point_worth=form.money("worth", currency, MOST_WORTH),
        pending_days=form.whole("pending_days", 0, MOST_PENDING),
        colour=form.colour(),
    )


def found(world: World, plan: ProgrammePlan) -> None:
    """Write the plan down; tiers that were chosen before are kept while the currency is."""
    logo, row = logo_of(world), programme_row(world)
    plan = replace(plan, logo=logo.digest if logo else None)
    usual = named_plans("standard", plan.currency)
    if row is None:
        begin_programme(world, replace(plan, tiers=usual), step="tiers")
        return
    tiers = chosen_tiers(world) if row.currency == plan.currency else usual
    plan = replace(plan, tiers=tiers, pay_share=row.pay_share, expiry_months=row.expiry_months)
    revise_programme(world, plan, step="tiers")


def chosen_tiers(world: World) -> tuple[TierPlan, ...]:
    """The programme's tiers as a plan."""
    terms = terms_of(world)
    scale = 10 ** minor_digits(terms.programme.currency)
    return tuple(
        TierPlan(tier.name.code, dict(tier.name.names), tier.need_minor // scale, tier.rate_bp)
        for tier in terms.tiers
    )


def shop_page(form: Form, *, status: int = 200) -> Response:
    with open_entrance(readonly=True) as world:
        logo = logo_of(world)
    return page(
        "setup/shop.html",
        status=status,
        step=1,
        action=url_for("console.save_shop"),
        values=form.values,
        errors=form.errors,
        languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        currencies=currency_choices(),
        zones=zones_with(form.values["zone"]),
        brand=brand_of(form.values["colour"]),
        logo_href=url_for("public.logo", v=logo.digest) if logo else None,
    )


def zones_with(chosen: str) -> list[tuple[str, str]]:
    """The list of zones, and among them the one that was chosen before by another name."""
    choices = zone_choices(entrance_worlds().clock())
    if chosen in known_zones() and all(name != chosen for name, _ in choices):
        choices.insert(0, (chosen, chosen))
    return choices
