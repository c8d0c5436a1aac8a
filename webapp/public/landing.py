"""The first page of a shop's programme, and what stands there before it opens."""

from flask import Response, current_app, redirect, url_for

from gamification.readmodels.terms import Terms, terms_of
from webapp.access import allow, landing_of
from webapp.accounts.queries import has_owner
from webapp.choice import remember_choice
from webapp.frame import shop_facts
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.signin import visitor
from webapp.world import open_entrance, open_world


@blueprint.get("/")
@allow("anonymous")
def front() -> Response:
    """One's own first page for whoever is signed in, the landing page for the rest."""
    found = visitor()
    if found is not None:
        where = landing_of(current_app, found.role)
        return redirect(where, code=303)  # type: ignore[return-value]
    return club()


@blueprint.get("/club")
@allow("anonymous")
def club() -> Response:
    """The landing page, also for those who are signed in and want to show it."""
    remember_choice()
    if not shop_facts().live:
        return not_open_yet()
    with open_world(readonly=True) as world:
        terms = terms_of(world)
    hrefs = {
        "sign_in": url_for("entrance.sign_in"),
        "claim": url_for("entrance.claim"),
        "staff": url_for("entrance.staff"),
    }
    return page("public/landing.html", offer=offer_of(terms), hrefs=hrefs)


def offer_of(terms: Terms) -> dict[str, object]:
    """What the landing page promises."""
    programme, rates = terms.programme, [tier.rate_bp for tier in terms.tiers]
    return {
        "rate_bp": min(rates),
        "top_rate_bp": max(rates),
        "worth_minor": programme.point_worth,
        "currency": programme.currency,
        "max_share_pct": programme.pay_share,
        "tiers": terms.tiers,
    }


def not_open_yet() -> Response:
    """The shop is being set up: its owner is told where to go on."""
    with open_entrance(readonly=True) as world:
        owned = has_owner(world)
    return page("public/not_open.html", owned=owned, hrefs={"staff": url_for("entrance.staff")})
