"""Invitations tell nobody's name, contact, birthday, card or number where others could read it."""

import logging
import re
from collections.abc import Iterator

import pytest

from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import ReferralTerms, code_for, publish_terms
from gamification.members.newcomers import new_member_row
from gamification.store import Store
from tests.webapp.api.till import till_of
from tests.webapp.leaks import Watch
from tests.webapp.shopfront import Browser, Shop
from webapp.log import LOG, start_log

FIRST_ID = 880_055_003
ANNA, BORIS, VERA = "Аннапланта Седопланта", "Бориспланта Кузнепланта", "Верапланта"
PHONES = ("+79035550101", "+79035550202", "+79035550303")
MAIL, BORN, CARD, OWN_ID = "anna-planta@example.org", "1987-06-05", "4600987612345", "crm-planta-17"
PLANTED = ("планта", "planta", "9035550101", "9035550202", "9035550303", "1987-06-05", "19870605",
           "05061987", CARD, "8800550")  # fmt: skip
AGENT = {"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140.0", "Accept-Language": "ru"}
ROBOT = {"User-Agent": "TelegramBot (like TwitterBot)"}
CONSOLE = ("", "/rules", "/review", "/report", "/report.csv")
CABINET = ("/home", "/friends", "/card", "/history", "/inbox", "/settings", "/settings/profile")


@pytest.fixture
def watch(shop: Shop) -> Iterator[Watch]:
    """Invitations are on, member numbers cannot be mistaken, and everything is logged."""
    shop.set_up()
    with shop.worlds.open() as world:
        publish_terms(world, ReferralTerms(friend_points=200, minimum=10_000, hold_days=0))
        store = Store(world.connection)
        row = new_member_row(external_id=None, joined_at=world.now, origin="import")
        row = {"id": FIRST_ID, **row}
        store.insert("member", [tuple(row.values())], columns=tuple(row))
        if store.postgres:
            store.rows("SELECT setval(pg_get_serial_sequence('member', 'id'), ?)", FIRST_ID)
    start_log("debug")
    found = Watch(PLANTED)
    found.over(shop.app)
    yield found
    logging.getLogger().setLevel(logging.WARNING)


def join(shop: Shop, name: str, contact: str, page: str = "/sign-in") -> Browser:
    """Somebody comes in by the door and joins."""
    browser = shop.browser()
    browser.client.environ_base.update(HTTP_USER_AGENT=AGENT["User-Agent"])
    if page != "/sign-in":
        door = browser.get(page, headers=AGENT)
        page = re.findall(r'href="(/sign-in\?i=[^"]*)"', door.get_data(as_text=True))[0]
    browser.send(page, to="/sign-in", contact=contact, i=page.partition("i=")[2])
    browser.send("/sign-in/code", code=shop.last_code())
    answer = browser.send("/join", name=name, **{"consent-programme": "yes"})
    assert answer.status_code == 303
    browser.get(answer.location)
    return browser


def member_of(shop: Shop, name: str) -> int:
    with shop.worlds.open(readonly=True) as world:
        row = Store(world.connection).first("SELECT id FROM member WHERE name = ?", name)
    assert row is not None
    return int(row[0])


def the_whole_way(shop: Shop) -> str:
    """Anna shares, Boris comes by her link, Vera is told of at the till, both buy; her code."""
    anna = join(shop, ANNA, PHONES[0])
    anna.send("/settings/profile", name=ANNA, birthday=BORN)
    anna.send("/friends", to="/friends/link")
    with shop.worlds.open() as world:
        code = code_for(world, member_of(shop, ANNA))
        world.connection.exec_driver_sql(
            f"UPDATE member SET email = '{MAIL}', external_id = '{OWN_ID}' WHERE id = "
            f"{member_of(shop, ANNA)}"
        )
    for path in (f"/r/{code}", f"/r/{code}?c=telegram"):
        shop.browser().get(path, headers=ROBOT)
    boris = join(shop, BORIS, PHONES[1], page=f"/r/{code}?c=telegram")
    vera = join(shop, VERA, PHONES[2])
    till = till_of(shop)
    till.post("/invitations", {"member": {"phone": PHONES[2]}, "code": code})
    for number, phone in enumerate(PHONES):
        body = {"id": f"r{number}", "occurred_at": shop.now.read().isoformat(),
                "member": {"phone": phone}, "total": "500.00"}  # fmt: skip
        assert till.post("/purchases", body).status_code == 201
    shop.now.move(days=1)
    while True:
        with shop.worlds.open() as world:
            if not settle_referrals(world):
                break
    for browser in (anna, boris, vera):
        for path in CABINET:
            answer = browser.get(
                path, headers={"Referer": "http://localhost/home"}, follow_redirects=True
            )
            assert answer.status_code == 200
    owner = shop.signed_in_as("owner")
    for path in CONSOLE:
        assert owner.get(f"/console/invitations{path}").status_code == 200
    return code


def facts(shop: Shop) -> list[tuple[object, ...]]:
    """Who was born when and has brought how many who bought."""
    with shop.worlds.open(readonly=True) as world:
        rows = Store(world.connection).rows(
            "SELECT m.name, m.birthday, COUNT(*) FROM referral r JOIN member m"
            " ON m.id = r.referrer_id WHERE r.state = 'rewarded' GROUP BY m.name, m.birthday"
        )
    return [(name, str(born), count) for name, born, count in rows]


def log_of(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> list[tuple[str, str]]:
    """Every line of every log."""
    out = capsys.readouterr()
    known = re.compile(r'"(?:member|account)": \d+')  # whoever runs the shop may know who did it
    lines = [record.getMessage() for record in caplog.records] + (out.err + out.out).splitlines()
    return [("log", known.sub("", line)) for line in lines]


def test_nothing_personal_leaves_with_an_invitation(
    shop: Shop, watch: Watch, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        code = the_whole_way(shop)

    log = log_of(caplog, capsys)
    assert facts(shop) == [(ANNA, BORN, 2)], "the way was gone to its end"
    asked = {text for where, text in watch.said if where == "asked"}
    assert watch.leaks(log) == []
    assert any("signed_in" in line for _, line in log), "the log was read"
    assert {f"/r/{code}?c=telegram", "/join?", "/console/invitations/report.csv?"} <= asked
    assert {where for where, _ in watch.said} >= {"Location", "linked", "tag", "carried", "referer"}
    assert watch.policies == {"same-origin"}


def test_the_picture_of_a_preview_is_the_same_for_everybody(shop: Shop, watch: Watch) -> None:
    pictures = set()
    for name, phone in ((ANNA, PHONES[0]), (BORIS, PHONES[1])):
        join(shop, name, phone)
        with shop.worlds.open() as world:
            code = code_for(world, member_of(shop, name))
        page = shop.browser().get(f"/r/{code}", headers=ROBOT).get_data(as_text=True)
        pictures.add(re.findall(r'og:image" content="http://localhost(/[^"]*)"', page)[0])

    (address,) = pictures
    picture = shop.browser().get(address).data
    assert picture[:4] == b"\x89PNG"
    assert not watch.tells(picture.decode("latin-1"))
    assert b"tEXt" not in picture
    assert b"iTXt" not in picture


def test_the_watch_sees_what_is_planted(
    shop: Shop, watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    guest = shop.browser()
    guest.get("/sign-in?name=%D0%90%D0%BD%D0%BD%D0%B0%D0%BF%D0%BB%D0%B0%D0%BD%D1%82%D0%B0")
    guest.get("/sign-in", headers={"Referer": "https://x.example/?p=%2B7+903+555-01-01"})
    html = [("Content-Type", "text/html")]
    watch.read([("Location", f"/members/{FIRST_ID + 1}"[:-2] + "04")], b"")
    watch.read(html, f'<meta property="og:title" content="{ANNA}">'.encode())
    watch.read(html, f'<a href="https://t.me/share/url?text={MAIL}">'.encode())
    watch.read(html, f'<input name="next" value="/home?born={BORN}">'.encode())
    LOG.debug("somebody", who=BORIS)
    log = [("log", line) for line in capsys.readouterr().err.splitlines()]

    seen = [where for where, _ in watch.leaks(log)]

    assert sorted(set(seen)) == ["Location", "asked", "carried", "linked", "log", "referer", "tag"]
    assert not watch.tells("/r/QEAF2AZY?c=telegram")
