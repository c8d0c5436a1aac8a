"""Set-up, step 2: tiers and rates, from a template and then by number."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from gamification.commands.founding import is_in_use, revise_programme
from gamification.commands.owner import ProgrammePlan, TierPlan
from gamification.programme import Programme, programme_of
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import decimal_of
from webapp.console.setup_shop import chosen_tiers
from webapp.console.steps import (
    actor,
    after_founding,
    go,
    is_open,
    next_step,
    programme_row,
    refuse_in_the_past,
)
from webapp.log import LOG
from webapp.page import page
from webapp.tier_names import named_plans
from webapp.words.formats import number, percent
from webapp.world import open_entrance, run_world

CODES = ("sprout", "leaf", "branch", "wreath")
MOST_TIERS = len(CODES)
LONGEST_NAME = 40
SINGLE_RATE = 500
PRESETS = ("standard", "cafe", "single")
RUNG_FIELDS = ("name_ru", "name_en", "rate", "need")
MOST_NEED = 10**10
GROUPED = re.compile(r"\d{1,3}(?:[,.]\d{3})+")


@dataclass(slots=True)
class Rung:
    """A tier in the form: its texts as typed, and what is wrong with each."""

    name_ru: str
    name_en: str
    rate: str
    need: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """A rung without any text is a tier that is not wanted."""
        return not (self.name_ru or self.name_en or self.rate or self.need)


@blueprint.get("/setup/tiers")
@allow("owner")
def tiers() -> Response:
    """The ladder as it was chosen, or as a template has it."""
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
        if row is None:
            return go(url_for("console.shop"))
        if is_open(row) or is_in_use(world):
            return go(url_for(after_founding(row)))
        now = chosen_tiers(world)
    wanted = request.args.get("preset")
    chosen = preset_plan(wanted, row.currency) if wanted in PRESETS else now
    return tiers_page(rungs_of(chosen), row.currency, like=chosen)


def preset_plan(code: str, currency: str) -> tuple[TierPlan, ...]:
    """The tiers of a preset in this currency."""
    if code == "single":
        return (replace(named_plans("standard", currency)[0], rate=SINGLE_RATE),)
    return named_plans(code, currency)


@blueprint.post("/setup/tiers")
@allow("owner", keeps=("*",))
def save_tiers() -> Response:
    """Show another template, or take the ladder as it was typed."""
    refuse_in_the_past()
    if (preset := request.form.get("preset")) in PRESETS:
        return go(url_for("console.tiers", preset=preset))
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
    if row is None or is_open(row):
        return go(url_for(next_step(row)))
    rungs = typed_rungs()
    plan = plan_of(rungs)
    if not plan or any(rung.errors for rung in rungs):
        fault = "" if plan else str(_("At least one tier is needed."))
        return tiers_page(rungs or rungs_of(preset_plan("single", row.currency)), row.currency,
                          error=fault, status=422)  # fmt: skip
    run_world(partial(save, tiers=plan))
    LOG.info("tiers_chosen", by=actor(), tiers=len(plan))
    return go(url_for("console.files"))


def save(world: World, tiers: tuple[TierPlan, ...]) -> None:
    """The programme with these tiers and everything else as it was."""
    row = programme_row(world)
    assert row is not None, "the view has seen it"
    revise_programme(world, with_tiers(programme_of(row), tiers), step="files")


def with_tiers(programme: Programme, tiers: tuple[TierPlan, ...]) -> ProgrammePlan:
    """The plan of a programme that gets other tiers."""
    return ProgrammePlan(
        name=programme.name, currency=programme.currency, zone=programme.zone.key,
        locale=programme.locale, point_worth=programme.point_worth,
        pending_days=programme.pending_days, expiry_months=programme.expiry_months,
        pay_share=programme.pay_share, colour=programme.colour, logo=programme.logo, tiers=tiers,
    )  # fmt: skip


def typed_rungs() -> list[Rung]:
    """The rungs that were typed; emptied ones are gone."""
    rungs = [Rung(**typed(n)) for n in range(1, MOST_TIERS + 1) if f"rate-{n}" in request.form]
    return [rung for rung in rungs if not rung.empty]


def typed(place: int) -> dict[str, Any]:
    """The texts of one rung of the form."""
    return {name: request.form.get(f"{name}-{place}", "").strip()[:100] for name in RUNG_FIELDS}


def plan_of(rungs: list[Rung]) -> tuple[TierPlan, ...]:
    """The tiers that the rungs make; what is wrong stands in them."""
    plan: list[TierPlan] = []
    for code, rung in zip(CODES, rungs, strict=False):
        before = plan[-1] if plan else None
        tier = TierPlan(code, names_of(rung), need_of(rung, before), rate_of(rung, before))
        plan.append(tier)
    return tuple(plan)


def names_of(rung: Rung) -> dict[str, str]:
    """The names in both languages; one that is missing is taken from the other."""
    if not rung.name_ru and not rung.name_en:
        rung.errors["name_ru"] = _("Give the tier a name.")
    for name in ("name_ru", "name_en"):
        if len(getattr(rung, name)) > LONGEST_NAME:
            rung.errors[name] = _("A tier's name may have up to %(most)s letters.",
                                  most=LONGEST_NAME)  # fmt: skip
    return {"ru": rung.name_ru or rung.name_en, "en": rung.name_en or rung.name_ru}


def rate_of(rung: Rung, before: TierPlan | None) -> int:
    """The rate in hundredths of a per cent, not below that of the tier before."""
    found = decimal_of(rung.rate.strip("% "))
    if found is None or not 0 <= found <= 100 or found * 100 != int(found * 100):
        rung.errors["rate"] = _("Write per cent from 0 to 100, such as 5 or 2,5.")
        return 0
    rate = int(found * 100)
    if before is not None and rate < before.rate:
        rung.errors["rate"] = _("This is less than the tier before it gives.")
    return rate


def need_of(rung: Rung, before: TierPlan | None) -> int:
    """The threshold in whole money, above that of the tier before; the first needs nothing."""
    found = whole_sum(rung.need)
    if found is None:
        rung.errors["need"] = _("Write a whole sum.")
    elif before is None and found != 0:
        rung.errors["need"] = _("The first tier is everybody's: it starts at 0.")
    elif before is not None and found <= before.threshold:
        rung.errors["need"] = _("This should be more than the tier before it needs.")
    return found or 0


def whole_sum(text: str) -> int | None:
    """A sum without kopecks, its thousands grouped in any way: 10 000, 10,000, 10.000."""
    plain = "".join(text.split())
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "").replace(".", "")
    found = decimal_of(plain)
    if found is None or found != int(found) or not 0 <= found < MOST_NEED:
        return None
    return int(found)


def rungs_of(plan: tuple[TierPlan, ...]) -> list[Rung]:
    """Tiers as the form shows them."""
    return [
        Rung(
            name_ru=tier.names.get("ru", ""),
            name_en=tier.names.get("en", ""),
            rate=number(Decimal(tier.rate) / 100),
            need=str(tier.threshold),
        )
        for tier in plan
    ]


def tiers_page(
    rungs: list[Rung],
    currency: str,
    *,
    like: tuple[TierPlan, ...] = (),
    error: str = "",
    status: int = 200,
) -> Response:
    return page(
        "setup/tiers.html",
        status=status,
        step=2,
        action=url_for("console.save_tiers"),
        presets=[preset_card(code, currency, like) for code in PRESETS],
        rows=rungs,
        currency=currency,
        error=error,
        hrefs={"back": url_for("console.shop")},
    )


def preset_card(code: str, currency: str, like: tuple[TierPlan, ...]) -> dict[str, object]:
    """A template to start from."""
    plan = preset_plan(code, currency)
    titles = {"standard": _("Calm"), "cafe": _("Generous"), "single": _("One tier")}
    rates = " / ".join(percent(tier.rate) for tier in plan)
    line = _("%(rates)s in points", rates=rates) if len(plan) > 1 else _(
        "%(rate)s in points for everybody", rate=rates
    )  # fmt: skip
    terms = [(tier.threshold, tier.rate) for tier in like]
    return {
        "code": code,
        "title": titles[code],
        "line": line,
        "chosen": terms == [(tier.threshold, tier.rate) for tier in plan],
    }
