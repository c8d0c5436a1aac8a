"""The frame around a page: whose shop, who is signed in, which links are theirs."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app, g, request, session, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from gamification.commands.member import Person as MemberPerson
from gamification.commands.member import person_of
from gamification.commands.referrals import ReferralTerms
from gamification.programme import ProgrammeRow
from gamification.readmodels.challenges import OpenChallenge, open_challenges
from gamification.readmodels.onlooker import Onlooker, onlooker
from gamification.readmodels.referral_fund import fund_now
from webapp.access import access_of, landing_of
from webapp.accounts.queries import Visitor
from webapp.catalogue import LANGUAGES, LaurelBabel
from webapp.choice import OPEN, THEMES, named_choice, place_without_choice
from webapp.links import page_href
from webapp.menu import Frame, Install, Link, Person, Shop, Theme, member_links, staff_links
from webapp.moulds import Code
from webapp.sealing import form_token
from webapp.serving import this_app, this_request
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.tongue import gettext as _
from webapp.tongue import register_tongue
from webapp.words.formats import named
from webapp.words.pieces import initials
from webapp.world import open_entrance

MEMBER_PLACES = {
    "home": "cabinet.home",
    "challenges": "cabinet.challenges",
    "tiers": "cabinet.tiers",
    "medals": "cabinet.medals",
    "card": "cabinet.card",
    "history": "cabinet.history",
    "friends": "cabinet.friends",
    "herbarium": "cabinet.herbarium",
}
STAFF_PLACES = {
    "console": "console.overview",
    "find": "staff.find",
    "reviews": "console.reviews",
    "challenges": "console.challenges",
    "invitations": "console.invitations",
    "segments": "console.segments",
    "rehearsals": "console.rehearsals",
    "messages": "console.messages",
    "setup": "console.programme",
}
CANVAS = {"light": "#F3F4EE", "dark": "#0B100D"}
"""The ground of a page, as the tokens have it: the browser's own bars take it too."""
SHOP_SECONDS = 2.0
MOST_UNREAD = 99


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What every page says about the shop. `live` is False until it opens.

    `logo` is the version of its picture; `offer` what an invitation brings, while they are on;
    `challenges` those that are open to all.
    """

    name: str = "Laurel"
    locale: str | None = None
    colour: str | None = None
    logo: str | None = None
    currency: str = "RUB"
    live: bool = False
    offer: ReferralTerms | None = None
    challenges: tuple[OpenChallenge, ...] = ()


def register_frame(app: Flask) -> None:
    """Give every template its frame, and choose the language."""
    LaurelBabel(app, locale_selector=chosen_locale, default_locale="en")  # type: ignore[no-untyped-call]
    register_tongue(app)
    app.context_processor(lambda: {"frame": g.get("frame") or frame_for()})


def frame_for(current: str = "", *, person: Person | None = None) -> Frame:
    """The frame of this answer, for `page(…, frame=frame_for("history"))`.

    Args:
        current: the key of the menu link that this page is.
        person: name and note under it; the member's name is read when absent.
    """
    facts, who = shop_facts(), visitor_or_nobody()
    settings = here().settings
    return Frame(
        shop=shop_on_page(facts),
        locale=Code(chosen_locale()),
        theme=chosen_theme(who),
        home_href=landing_of(current_app, who.role) if who else "/",
        prefs_href=page_href("entrance.prefs"),
        here=here_again(who) if request.method == "GET" else "/",
        current=Code(current),
        links=links_of(who),
        person=person or (person_in_frame(who) if who else None),
        settings_href=page_href("cabinet.settings") if who else None,
        sign_out_href=page_href("entrance.sign_out") if who else None,
        as_of=settings.as_of,
        test_mode=settings.test_mode,
        token=form_token() if who else "",
        leaving_href=page_href("cabinet.leaving") if who and who.erase_at else "",
        still=who is not None and who.motion == "less",
        sound=who is not None and bool(who.sound),
        inbox_href=page_href("cabinet.inbox") if who and who.member_id else None,
        unread=unread_shown(who.unread) if who else "",
        install=install_in_frame(facts.colour or ""),
        keys_href=page_href("cabinet.keys") if who else "",
        keyless=who is not None and not who.shortcuts,
    )


def here_again(who: Visitor | None) -> str:
    """Where a choice of language or theme leads back to; no address may gainsay it there."""
    if who is None and named_choice() != OPEN:
        return place_without_choice()
    return request.full_path.rstrip("?")


def install_in_frame(colour: str) -> Install:
    """Where manifest, icon and worker are; a day of the past is not kept."""
    return Install(
        manifest=page_href("public.manifest"),
        icon=page_href("public.icon", name="apple", v=colour.strip("#")),
        worker="" if here().settings.as_of else page_href("public.worker"),
    )


def unread_shown(count: int) -> str:
    """The number on the bell; empty when there is nothing new."""
    return "99+" if count > MOST_UNREAD else str(count or "")


def shop_on_page(facts: ShopFacts) -> Shop:
    """The brand with the addresses of its logo and its colours, each naming its version."""
    return Shop(
        facts.name,
        logo_href=url_for("public.logo", v=facts.logo) if facts.logo else None,
        coloured=facts.colour is not None,
        brand_href=url_for("public.colours", v=facts.colour.strip("#")) if facts.colour else "",
    )


def visitor_or_nobody() -> Visitor | None:
    """Who is signed in; nobody while the database cannot say."""
    try:
        return visitor()
    except DBAPIError:
        return None


def links_of(who: Visitor | None) -> tuple[Link, ...]:
    """The menu: pages that exist and that this person may open."""
    if who is None:
        return ()
    places = STAFF_PLACES if who.is_staff else MEMBER_PLACES
    hrefs = {key: page_href(name) for key, name in places.items() if is_open_to(name, who.role)}
    if who.is_staff:
        return staff_links(hrefs)
    if offer_now() is None:
        hrefs.pop("friends", None)
    if not has_challenges(who):
        hrefs.pop("challenges", None)
    return member_links(hrefs)


def has_challenges(who: Visitor) -> bool:
    """Whether there is a challenge that this member may see; nobody else learns of any."""
    if who.member_id is None or here().settings.as_of:
        return False
    member_id = who.member_id
    return who.in_challenges or any(c.is_for(member_id) for c in shop_facts().challenges)


def is_open_to(endpoint: str, role: str) -> bool:
    access = access_of(current_app, endpoint)
    return access is not None and role in access.roles


def person_in_frame(who: Visitor) -> Person:
    """Who stands at the foot of the menu."""
    if who.member_id is None:
        return person_called(who.name or who.email or "")
    with open_entrance(readonly=True) as world:
        seen = onlooker(world, who.member_id)
    still = here().settings.as_of is not None  # the tier of that day is not the booked one
    return person_called(seen.name, "" if still else tier_note(seen))


def tier_note(seen: Onlooker) -> str:
    """«Ветвь, уровень 3»: a name always travels with its number."""
    if seen.tier is None:
        return ""
    return _("%(name)s, tier %(number)s", name=named(seen.tier), number=seen.number)


def person_called(name: str, note: str = "") -> Person:
    """A person as the menu shows them."""
    return Person(name, note, initials(name))


def member_in_frame(who: Visitor) -> MemberPerson | None:
    """The member who is signed in, read once per request."""
    if who.member_id is None:
        return None
    if "member" not in g:
        with open_entrance(readonly=True) as world:
            g.member = person_of(world, who.member_id)
    return cast("MemberPerson | None", g.member)


def chosen_locale() -> str:
    """The reader's language: chosen, else asked for by the browser, else the shop's.

    A member has chosen in their settings, a stranger in the address or by a button before.

    A browser that asks for neither of ours, such as a German one, gets the shop's language:
    its customers and its words are of one place. Russian before there is a shop.
    """
    who = visitor_or_nobody()
    for wish in (who.locale if who else named_choice().locale, session.get("locale")):
        if wish in LANGUAGES:
            return str(wish)
    asked = asked_language(this_request().environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return asked or shop_facts().locale or "ru"


@lru_cache(maxsize=1024)
def asked_language(header: str) -> str | None:
    """Which of our languages a browser asks for; browsers do so in few ways."""
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES)


def chosen_theme(who: Visitor | None) -> Theme:
    """Light, dark, or as the device has it."""
    wish = who.theme if who else named_choice().theme or session.get("theme")
    return cast(Theme, wish if wish in THEMES else "system")


def shop_facts() -> ShopFacts:
    """The shop on the page, at most two seconds old."""
    app = this_app()
    kept = app.extensions.get("laurel.shop")
    if kept is not None and time.monotonic() - kept[0] < SHOP_SECONDS:
        return cast(ShopFacts, kept[1])
    try:
        facts = read_shop()
    except DBAPIError:
        return ShopFacts()
    app.extensions["laurel.shop"] = (time.monotonic(), facts)
    return facts


def offer_now() -> ReferralTerms | None:
    """What an invitation brings, at most two seconds old; None while there are none to make."""
    return None if here().settings.as_of else shop_facts().offer


def forget_shop() -> None:
    """Read the shop anew with the next page; to be called after its settings change."""
    current_app.extensions.pop("laurel.shop", None)


def read_shop() -> ShopFacts:
    wanted = ("name", "locale", "colour", "logo", "currency")
    columns = [getattr(ProgrammeRow, name) for name in wanted]
    live = ProgrammeRow.__table__.c.live_at.is_not(None).label("live")  # type: ignore[attr-defined]
    with open_entrance(readonly=True) as world:
        row = world.session.execute(sa.select(*columns, live)).mappings().first()
        fund = fund_now(world)
        challenges = open_challenges(world) if row else ()
    offer = fund.offer if fund is not None and fund.terms.is_on else None
    return ShopFacts(**row, offer=offer, challenges=challenges) if row else ShopFacts()
