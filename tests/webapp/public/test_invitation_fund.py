"""What pages promise while the fund of invitations has an end, and when it has come to it."""

import re

import pytest

from gamification.commands.referrals import Invitation, bind_friend
from tests.counting import asked
from tests.webapp.public.club import PHONE, Club, look
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.frame import forget_shop, offer_now
from webapp.surroundings import here

AGENT = {"User-Agent": PHONE, "Accept-Language": "en"}
LASTS = "Points come as long as the shop's fund for invitations lasts."


def club_of(shop: Shop, budget: int | None) -> Club:
    return Club(shop, welcome_points=50, share_percent=10, budget=budget)


def take_gift(club: Club, number: int = 7) -> None:
    """Somebody else comes by Anna's link and is given 50 points."""
    friend_id = club.shop.member(name="Глеб", phone=f"+7912000002{number}")
    with club.shop.worlds.open() as world:
        assert bind_friend(world, friend_id, Invitation(club.code)) == "bound"


def join(shop: Shop, guest: Browser, code: str) -> str:
    """What somebody reads who joins by a code."""
    guest.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    guest.get(f"/r/{code}", headers=AGENT)
    guest.sign_in_by_code(shop, "+79123456789")
    body = guest.get("/join").get_data(as_text=True).split("<footer")[0]
    standing = dict(re.findall(r'name="(i|next|invitation)"[^>]* value="([^"]*)"', body))
    answer = guest.send("/join", name="Вера", **({"consent-programme": "yes"} | standing))
    assert answer.location == "/welcome?invited=bound"
    return plain(guest.get(answer.location, headers=AGENT))


def plain(answer: object) -> str:
    return text_of(answer).replace("\u00a0", " ")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("budget", "promised", "missing"),
    [
        (None, ("200 for you.", "300 for your friend.", "50 points more"), LASTS),
        (601, ("200 for you.", "300 for your friend.", "50 points more", "10%", LASTS), "nobody"),
        (600, ("200 for you.", "300 for your friend.", "50 points more", LASTS), "10%"),
        (599, ("50 for you.", "Points for joining come at once.", LASTS), "300 for your friend."),
        (99, ("We look forward to seeing you.",), "for you."),
    ],
)
def test_a_link_promises_what_the_fund_can_pay(
    shop: Shop, guest: Browser, budget: int | None, promised: tuple[str, ...], missing: str
) -> None:
    club = club_of(shop, budget)
    take_gift(club)

    answer = look(guest, f"/r/{club.code}")

    said = plain(answer)
    assert [one for one in promised if one not in said] == []
    assert missing not in said
    preview = answer.get_data(as_text=True).split("<body")[0]
    assert (LASTS.replace("'", "&#39;") in preview) == (LASTS in promised)


def test_a_click_asks_the_fund_by_no_statement_of_its_own(shop: Shop) -> None:
    club = club_of(shop, 600)
    look(shop.browser(), f"/r/{club.code}")  # whatever an app reads once
    with shop.app.app_context():
        forget_shop()
    look(shop.browser(), f"/r/{club.code}")

    with asked(here(shop.app).engine) as seen:
        look(shop.browser(), f"/r/{club.code}")

    assert len([sql for sql in seen if "referral_fund" in sql]) == 1
    assert [sql for sql in seen if "SUM(" in sql] == []


@pytest.mark.parametrize(
    ("budget", "said", "missing"),
    [
        (600, "200 points come for your first purchase of ₽500 or more.", "fund"),
        (599, "The shop's fund for invitations is used up, so that points for a first purchase"
              " cannot be promised.", "200 points"),
        (99, "The shop's fund for invitations had too little left for the welcome gift. It is used"
             " up, so that points for a first purchase cannot be promised.", "200 points"),
    ],
)  # fmt: skip
def test_whoever_joins_reads_what_the_fund_could_pay(
    shop: Shop, guest: Browser, budget: int, said: str, missing: str
) -> None:
    club = club_of(shop, budget)
    take_gift(club)

    page = join(shop, guest, club.code)

    assert said in page
    assert missing not in page
    history = plain(guest.get("/history"))
    assert ("The shop's fund for invitations was used up" in history) == (budget == 99)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (601, "Баллы начисляются, пока хватает фонда магазина на приглашения."),
        (599, "Фонд магазина на приглашения почти исчерпан"),
        (99, "Фонд магазина на приглашения исчерпан."),
    ],
)
def test_whoever_invites_reads_how_the_fund_stands(
    shop: Shop, guest: Browser, budget: int, said: str
) -> None:
    club = club_of(shop, budget)
    take_gift(club)
    guest.sign_in_by_code(shop, "+79120000001")
    with shop.app.app_context():
        forget_shop()

    page = plain(guest.get("/friends"))
    with shop.app.test_request_context():
        home = offer_now()

    assert said in page
    assert ("Вам 300." in page, "баллы: вам 300" in page) == (budget == 601,) * 2
    assert home is not None
    assert home.referrer_points == (300 if budget == 601 else 0)
    assert ("вам приходит 10" in page) == (budget == 601)
