"""The programme as it stands, in sentences, and what of it can be changed safely."""

from functools import partial

from flask import Response, g, request, url_for

from gamification.commands.owner import MOST_MINOR, change_programme
from gamification.readmodels.terms import Terms, terms_of
from gamification.world import World
from webapp.access import allow
from webapp.brand.logo import drop_logo
from webapp.console.blueprint import blueprint
from webapp.console.fields import HOUSE_COLOUR, Form, money_text, take_logo, texts
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.contrast import brand_of
from webapp.frame import forget_shop, frame_for, shop_facts
from webapp.log import LOG
from webapp.page import page
from webapp.words.programme import programme_places
from webapp.world import open_world, run_world

LOGO_BODY = 8 * 1024 * 1024  # far above a logo's own limit: a photo is refused on its field


@blueprint.get("/console/programme")
@allow("owner")
def programme() -> Response:
    """Tiers, rates and rules as sentences, and a form for name, logo, colour and share."""
    with open_world(readonly=True) as world:
        terms = terms_of(world)
    return programme_page(terms, Form(shown(terms)).remember(), saved="saved" in request.args)


def shown(terms: Terms) -> dict[str, str]:
    """What may be changed, as the form shows it."""
    now = terms.programme
    return texts(
        name=now.name,
        colour=now.colour or HOUSE_COLOUR,
        pay_share=now.pay_share,
        review_over=now.review_over and money_text(now.review_over, now.currency),
    )


@blueprint.post("/console/programme")
@allow("owner", body=LOGO_BODY, keeps=("*",))
def save_programme() -> Response:
    """Change what bears no money in the past. A bad field keeps all the others typed."""
    refuse_in_the_past()
    form = Form.posted("name", "colour", "pay_share", "review_over", "no_logo")
    with open_world(readonly=True) as world:
        form.follow(shown(terms_of(world)))
    settings: dict[str, object] = {
        "name": form.name(),
        "colour": form.colour(),
        "pay_share": form.whole("pay_share", 0, 100),
    }
    if "review_over" in request.form:
        settings["review_over"] = largest_sum(form)
    digest = take_logo(form)
    if form.values["no_logo"]:
        settings["logo"] = None
    elif digest is not None:
        settings["logo"] = digest
    if form.errors:
        with open_world(readonly=True) as world:
            return programme_page(terms_of(world), form, status=422)
    run_world(partial(save, settings=settings))
    forget_shop()
    LOG.info("programme_changed", by=actor(), settings=sorted(settings))
    return go(url_for("console.programme", saved=1))


def largest_sum(form: Form) -> int | None:
    """Above which sum a receipt waits, in minor units; None where the field was emptied."""
    if not form.values["review_over"]:
        return None
    return form.money("review_over", shop_facts().currency, MOST_MINOR)


def save(world: World, settings: dict[str, object]) -> None:
    """The settings and, where it goes, the logo, in one transaction."""
    change_programme(world, **settings)
    if "logo" in settings and settings["logo"] is None:
        drop_logo(world)


def programme_page(terms: Terms, form: Form, *, saved: bool = False, status: int = 200) -> Response:
    g.frame = frame_for("setup")
    return page(
        "console/programme.html",
        status=status,
        frame=g.frame,
        terms=terms,
        values=form.values,
        errors=form.errors,
        brand=brand_of(form.values["colour"]),
        saved=saved,
        action=url_for("console.save_programme"),
        places=programme_places(url_for),
        hrefs={"club": url_for("public.club")},
    )
