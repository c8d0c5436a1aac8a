"""`laurel init`: set the programme up from the terminal."""

import json
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from babel.numbers import is_currency
from flask_babel import gettext as _

from gamification.commands.owner import ProgrammePlan, set_up_programme, usual_worth
from gamification.points import to_decimal, to_minor
from gamification.programme import ProgrammeRow
from gamification.refusals import InvalidSetting, ProgrammeExists
from webapp.cli.place import open_place
from webapp.cli.tongue import speaking, terminal_language
from webapp.contrast import brand_of
from webapp.tier_names import named_plans

DEFAULTS = {
    "ru": {"currency": "RUB", "zone": "Europe/Moscow"},
    "en": {"currency": "USD", "zone": "UTC"},
}
SETTINGS = ("locale", "name", "currency", "zone", "template", "point_worth", "colour")
"""In the order in which they are asked for: a point's usual worth depends on the currency."""
MOST_WORTH = 10**6


@click.command()
@click.option("--name", help="How the programme is called.")
@click.option("--currency", metavar="CODE", help="Three letters: RUB, EUR, USD.")
@click.option("--zone", metavar="AREA/CITY", help="The shop's time zone: Europe/Moscow.")
@click.option("--locale", type=click.Choice(["ru", "en"]), help="The language of new members.")
@click.option(
    "--template",
    type=click.Choice(["standard", "cafe"]),
    help="Tiers and rates: 1, 2, 3, 5 % from 0, 10,000, 30,000, 60,000 roubles or a café's;"
    " in other currencies from sums like these.",
)
@click.option("--colour", metavar="#RRGGBB", help="The brand's colour.")
@click.option("--point-worth", metavar="MONEY", help="Money for a point: usually 1 rouble, 1 cent.")
@click.option("--pending-days", type=click.IntRange(0, 90), default=14, show_default=True)
@click.option(
    "--expiry-months",
    type=click.IntRange(0, 120),
    default=12,
    show_default=True,
    help="Months until points burn; 0 for never.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def init(as_json: bool, pending_days: int, expiry_months: int, **given: str | None) -> None:
    """Set the programme up: its name, money, zone, tiers and medals.

    What is left out takes its default; in a terminal it is asked for. Exit code 2
    when there is a programme already or a setting makes no sense.
    """
    with speaking(), open_place() as place:
        with place.programme.open(readonly=True) as world:
            if world.session.get(ProgrammeRow, 1) is not None:
                raise ProgrammeExists()
        plan = plan_of(asked(given, ask=sys.stdin.isatty() and sys.stdout.isatty()))
        plan = replace(plan, pending_days=pending_days, expiry_months=expiry_months or None)
        place.programme.run(lambda world: set_up_programme(world, plan))
        answer = answer_of(plan)
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else told(answer, plan))


def asked(given: dict[str, str | None], *, ask: bool) -> dict[str, str]:
    """Every setting: as given, as typed in a terminal, or its default."""
    language = given["locale"] or terminal_language()
    usual = {"name": "Laurel", "locale": language, "template": "standard"} | DEFAULTS[language]
    labels = {
        "name": _("Name of the programme"),
        "currency": _("Currency"),
        "zone": _("Time zone"),
        "template": _("Tiers: standard or cafe"),
        "point_worth": _("A point is worth"),
        "colour": _("Brand colour, empty for the house colour"),
    }
    found: dict[str, str] = {}
    for setting in SETTINGS:
        value = given[setting]
        default = usual.get(setting, "")
        if setting == "point_worth":
            default = usual_worth_text(found["currency"].upper())
        if value is None and ask and setting in labels:
            value = str(click.prompt(labels[setting], default=default, show_default=bool(default)))
        found[setting] = (default if value is None else value).strip()
    return found


def usual_worth_text(currency: str) -> str:
    """What a point is worth in most shops, as somebody would type it: 1 or 0.01."""
    return f"{to_decimal(usual_worth(currency), currency).normalize():f}"


def plan_of(settings: dict[str, str]) -> ProgrammePlan:
    """The plan that the settings make. Raises UsageError and InvalidSetting."""
    currency = settings["currency"].upper()
    if not is_currency(currency):
        raise InvalidSetting(setting="currency", value=currency)
    brand = brand_of(settings["colour"]) if settings["colour"] else None
    if settings["colour"] and brand is None:
        raise click.BadParameter(f"{settings['colour']!r} is no colour", param_hint="--colour")
    return ProgrammePlan(
        name=settings["name"],
        currency=currency,
        zone=settings["zone"],
        locale=settings["locale"],
        point_worth=worth_of(settings["point_worth"], currency),
        colour=brand.given if brand else None,
        tiers=named_plans(settings["template"], currency),
    )


def worth_of(text: str, currency: str) -> int:
    """Money in minor units. Raises BadParameter for what is no sum that a point can have."""
    try:
        money = Decimal(text.replace(",", "."))
    except InvalidOperation:
        money = Decimal(0)
    minor = to_minor(money, currency) if money.is_finite() and 0 < money <= MOST_WORTH else 0
    if not 0 < minor <= MOST_WORTH or money != to_decimal(minor, currency):
        raise click.BadParameter(f"{text!r} is no worth of a point", param_hint="--point-worth")
    return minor


def answer_of(plan: ProgrammePlan) -> dict[str, Any]:
    """What was set up, as plain values."""
    assert plan.point_worth is not None, "a plan of this command says what a point is worth"
    return {
        "name": plan.name,
        "currency": plan.currency,
        "zone": plan.zone,
        "locale": plan.locale,
        "colour": plan.colour,
        "point_worth": f"{to_decimal(plan.point_worth, plan.currency):f}",
        "pending_days": plan.pending_days,
        "expiry_months": plan.expiry_months,
        "tiers": [{"code": x.code, "from": x.threshold, "rate": x.rate / 100} for x in plan.tiers],
    }


def told(answer: dict[str, Any], plan: ProgrammePlan) -> str:
    """The same for a person, with the next step."""
    said = [
        _("The programme “%(name)s” is set up, in %(currency)s and %(zone)s.", **answer),
        *(
            _("  %(name)s: %(rate)s %% in points from %(money)s", rate=f"{x.rate / 100:g}",
              name=x.names.get(plan.locale, x.code), money=x.threshold)
            for x in plan.tiers
        ),
    ]  # fmt: skip
    brand = brand_of(plan.colour) if plan.colour else None
    if brand and not brand.exact:
        said.append(
            _(
                "The colour is too pale for text: pages use %(used)s instead.",
                used=brand.light.action,
            )
        )
    said.append(_("Next: laurel import members FILE, laurel import purchases FILE --profile …"))
    return "\n".join(said)
