"""A shop whose members invite, and how its links are opened."""

from typing import Any
from urllib.parse import unquote

from werkzeug.test import TestResponse

from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.commands.referrals import ReferralTerms, code_for, publish_terms
from gamification.store import Store
from tests.webapp.shopfront import Browser, Shop
from webapp.invitations.visits import visits_of

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=50_000, link_days=30)


class Club:
    """A shop whose members invite; Anna Sedova is one of them."""

    def __init__(self, shop: Shop, **terms: Any) -> None:
        shop.set_up()
        self.shop = shop
        self.anna = shop.member(name="Анна Седова", phone="+79120000001", origin="signup")
        with shop.worlds.open() as world:
            publish_terms(world, ReferralTerms(**{**fields(TERMS), **terms}))
            self.code = code_for(world, self.anna)

    def friend(self, name: str, phone: str) -> str:
        """The code of one member more."""
        member_id = self.shop.member(name=name, phone=phone, origin="signup")
        with self.shop.worlds.open() as world:
            return code_for(world, member_id)

    def show_name(self) -> None:
        with self.shop.worlds.open() as world:
            yes = ConsentAnswer("friends", given=True, text_version="friends-1")
            answer_questions(world, self.anna, [yes])

    def opened(self) -> list[tuple[Any, ...]]:
        """What is counted so far: code, channel, how often."""
        visits_of(self.shop.app).flush()
        with self.shop.worlds.open(readonly=True) as world:
            rows = Store(world.connection).rows(
                "SELECT c.code, v.channel, v.opened FROM referral_visits v"
                " JOIN referral_code c ON c.id = v.code_id ORDER BY v.channel, c.id"
            )
            return [tuple(row) for row in rows]


def fields(terms: ReferralTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ReferralTerms.__slots__}


def look(browser: Browser, path: str, **headers: str) -> TestResponse:
    """Open a link as a person does."""
    return browser.get(path, headers={"User-Agent": PHONE, "Accept-Language": "en"} | headers)


def carried(answer: TestResponse) -> str:
    """The code that the page's button carries along."""
    return unquote(answer.get_data(as_text=True).split("/sign-in?i=")[1].split('"')[0])
