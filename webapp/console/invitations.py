"""The terms of invitations: written, read as both sides will, published, and taken back."""

from functools import partial
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.referral_terms import replace_terms
from gamification.commands.referrals import BOUNDS, ReferralTerms
from gamification.readmodels.referral_fund import Fund, fund_now
from gamification.readmodels.referral_terms import TermsVersion, terms_versions
from webapp.access import allow
from webapp.accounts.queries import staff_names
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form, money_text, texts
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import forget_shop, frame_for, shop_facts
from webapp.log import LOG
from webapp.page import page
from webapp.words.invitations import FIELD_NAMES, sides_of
from webapp.world import open_entrance, open_world, run_world

PAGES = (
    ("terms", "console.invitations"),
    ("review", "console.invitation_review"),
    ("rules", "console.invitation_rules"),
    ("report", "console.invitation_report"),
)
WHOLES = tuple(name for name in BOUNDS if name not in ("minimum", "budget"))
FIELDS = (*WHOLES, "minimum", "budget", "is_on", "bind", "over")


def places_of(current: str) -> dict[str, Any]:
    """The four pages about invitations, as their menu shows them."""
    hrefs = {name: url_for(endpoint) for name, endpoint in PAGES}
    return {"hrefs": hrefs, "current": current}


@blueprint.get("/console/invitations")
@allow("owner", "marketer")
def invitations() -> Response:
    """The terms in force in a form, what both sides read, and every version before."""
    versions = read_versions()
    terms = versions[0].terms if versions else ReferralTerms(is_on=False)
    return terms_page(versions, form_of(terms), said=request.args.get("said", ""))


@blueprint.post("/console/invitations")
@allow("owner", "marketer", keeps=("*",))
def publish_invitations() -> Response:
    """A new version from now on; `look` only shows how it would read."""
    form = Form.posted(*FIELDS)
    terms = asked(form)
    if "look" in request.form:
        status = 422 if form.errors else 200
        return terms_page(read_versions(), form, typed=terms, status=status)
    refuse_in_the_past()
    if form.errors:
        return terms_page(read_versions(), form, typed=terms, status=422)
    done = publish(terms, form.values["over"])
    if done == "overtaken":
        form.values["over"] = str(next((one.id for one in read_versions()), ""))
        fault = _("Somebody else has published terms meanwhile. Publish again to replace them.")
        return terms_page(read_versions(), form, typed=terms, fault=fault, status=409)
    return go(url_for("console.invitations", said=done))


@blueprint.post("/console/invitations/again")
@allow("owner", "marketer")
def republish_invitations() -> Response:
    """Let former terms hold again, as a new version: the way to take a change back."""
    refuse_in_the_past()
    wanted, over = (request.form.get(name, "")[:20] for name in ("version", "over"))
    former = next((one for one in read_versions() if str(one.id) == wanted), None)
    done = "unknown" if former is None else publish(former.terms, over)
    return go(url_for("console.invitations", said=done))


def publish(terms: ReferralTerms, over: str) -> str:
    """Publish over the version that the person saw: `published`, `same`, or `overtaken`."""
    seen = int(over) if over.isascii() and over.isdigit() else None
    done = run_world(partial(replace_terms, terms=terms, over=seen, actor=actor()))
    forget_shop()
    LOG.info("invitation_terms_published", by=actor(), came_to=done, is_on=terms.is_on)
    return done


def read_versions() -> tuple[TermsVersion, ...]:
    with open_world(readonly=True) as world:
        return terms_versions(world)


def form_of(terms: ReferralTerms) -> Form:
    """Terms as the form shows them."""
    values = texts(
        **{name: getattr(terms, name) for name in WHOLES},
        minimum=money_text(terms.minimum, shop_facts().currency),
        budget=terms.budget,
        is_on="yes" if terms.is_on else None,
        bind=terms.bind,
        over=terms.id,
    )
    return Form(values)


def asked(form: Form) -> ReferralTerms:
    """The terms that the form asks for; what cannot be taken stands beside its field."""
    values = form.values
    bind = values["bind"]
    if bind not in ("first", "last"):
        form.refuse("bind", _("Choose one of the list."))
        bind = "first"
    return ReferralTerms(
        is_on=values["is_on"] == "yes",
        minimum=form.money("minimum", shop_facts().currency, BOUNDS["minimum"][1]),
        budget=form.whole("budget", *BOUNDS["budget"]) if values["budget"] else None,
        bind=bind,
        **{name: form.whole(name, *BOUNDS[name]) for name in WHOLES},
    )


def read_fund() -> Fund | None:
    with open_world(readonly=True) as world:
        return fund_now(world)


def names_of(versions: tuple[TermsVersion, ...]) -> dict[str, str]:
    """Who published, by the account that is written down with each version."""
    ids = {
        int(key) for one in versions if (key := one.by.removeprefix("account:")).isdigit()
    }  # fmt: skip
    with open_entrance(readonly=True) as world:
        return {f"account:{key}": name for key, name in staff_names(world, ids).items()}


def terms_page(
    versions: tuple[TermsVersion, ...],
    form: Form,
    *,
    typed: ReferralTerms | None = None,
    said: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    """The page; `typed` are terms that nobody has published yet."""
    currency = shop_facts().currency
    shown = typed or (versions[0].terms if versions else ReferralTerms(is_on=False))
    g.frame = frame_for("invitations")
    return page(
        "console/invitations.html",
        status=status,
        frame=g.frame,
        places=places_of("terms"),
        versions=versions,
        names=names_of(versions),
        values=form.values,
        errors=form.errors,
        labels=FIELD_NAMES,
        bounds=BOUNDS,
        currency=currency,
        fund=read_fund(),
        sides=None if form.errors else sides_of(shown, currency),
        is_typed=typed is not None,
        is_on=shown.is_on,
        said=said,
        undone=versions[1] if said == "published" and len(versions) > 1 else None,
        fault=fault,
        hrefs={
            "save": url_for("console.publish_invitations"),
            "again": url_for("console.republish_invitations"),
        },
    )
