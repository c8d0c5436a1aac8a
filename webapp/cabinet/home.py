"""Home: what can be spent, what is on the way, and the one next step."""

from functools import partial

from flask import Response, redirect

from gamification.commands.challenge_members import look_at_challenges
from gamification.readmodels.member import home_of
from gamification.readmodels.views import HomeView
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.card import code_href
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.frame import offer_now
from webapp.links import page_href
from webapp.page import page
from webapp.world import open_world, programme_worlds, run_world


@blueprint.get("/home")
@allow("customer")
def home() -> Response:
    """The member's first page; an imported year and new awards come once before it."""
    member_id = own_member_id()
    view = read_home(member_id)
    if view.contest and view.contest.asks and not is_still():
        run_world(partial(look_at_challenges, member_id=member_id))
        view = read_home(member_id)
    if view.year_waits and view.purchases and not is_still():
        return redirect(page_href("cabinet.year"), code=303)  # type: ignore[return-value]
    if view.celebrates and not is_still():
        return redirect(page_href("cabinet.celebrate"), code=303)  # type: ignore[return-value]
    offer = offer_now()
    return page(
        "cabinet/home.html",
        frame=place_in_frame("home", view.tier, view.name),
        home=view,
        offer=offer,
        hrefs={
            "check_in": page_href("cabinet.look_in"),
            "card": page_href("cabinet.card"),
            "code": code_href(view.card) if view.card else "",
            "history": page_href("cabinet.history"),
            "pending": page_href("cabinet.history", chosen="pending"),
            "expiring": page_href("cabinet.history", chosen="expiring"),
            "home": page_href("cabinet.home"),
            "medals": page_href("cabinet.medals"),
            "challenges": page_href("cabinet.challenges"),
            "tiers": page_href("cabinet.tiers"),
            "herbarium": page_href("cabinet.herbarium"),
            "friends": page_href("cabinet.friends") if offer else "",
            "step": step_href(view),
            "later": None if is_still() else page_href("cabinet.not_today"),
        },
    )


def read_home(member_id: int) -> HomeView:
    """Home as it is now."""
    with open_world(readonly=True) as world:
        return home_of(world, member_id)


def step_href(view: HomeView) -> str | None:
    """Where the next step's button leads: mostly to the card, which the till reads."""
    if view.step is None:
        return None
    if view.step.code == "pending":
        return page_href("cabinet.history", chosen="pending")
    if view.step.challenge:
        return page_href("cabinet.challenge", code=view.step.challenge.code)
    return page_href("cabinet.card") if view.card else page_href("cabinet.history")


def is_still() -> bool:
    """Whether the pages show a past day, where nothing can be noted down."""
    return programme_worlds().still is not None
