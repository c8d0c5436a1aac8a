"""The landing page, the logo and the colours, as a stranger sees them."""

from gamification.commands.founding import begin_programme
from gamification.commands.owner import ProgrammePlan, change_programme, tier_plans
from tests.webapp.brand.test_pictures import png
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.brand.logo import drop_logo, keep_logo
from webapp.brand.pictures import read_picture
from webapp.contrast import ratio
from webapp.frame import forget_shop


def change(shop: Shop, **settings: object) -> None:
    with shop.worlds.open() as world:
        change_programme(world, **settings)
    with shop.app.app_context():
        forget_shop()


def test_a_stranger_sees_what_the_club_gives(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    answer = guest.get("/", headers={"Accept-Language": "en"})

    said = text_of(answer)
    assert answer.status_code == 200
    assert "Полдень gives you 1% to 5% back in points" in said
    assert "Up to 30% of a receipt can be paid with points" in said
    assert [name for name in ("Sprout", "Leaf", "Branch", "Wreath") if name in said] == [
        "Sprout", "Leaf", "Branch", "Wreath",
    ]  # fmt: skip


def test_somebody_signed_in_goes_on_to_their_own_page(shop: Shop) -> None:
    shop.set_up()
    places = {"owner": "/console", "cashier": "/staff/find", "customer": "/home"}

    found = {role: shop.signed_in_as(role).get("/") for role in places}

    assert {role: answer.status_code for role, answer in found.items()} == dict.fromkeys(
        places, 303
    )
    assert {role: answer.location for role, answer in found.items()} == places


def test_the_owner_can_show_the_landing_page(shop: Shop) -> None:
    shop.set_up()

    assert shop.signed_in_as("owner").get("/club").status_code == 200


def test_before_anybody_owns_it_the_page_says_where_to_begin(guest: Browser) -> None:
    answer = guest.get("/", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "the terminal where Laurel was started" in text_of(answer)


def test_a_programme_that_is_being_set_up_is_not_shown(shop: Shop, guest: Browser) -> None:
    shop.staff("owner", password="a walk along the river")
    with shop.worlds.open() as world:
        begin_programme(world, ProgrammePlan(name="X", tiers=tier_plans("cafe")), step="tiers")

    said = text_of(guest.get("/", headers={"Accept-Language": "en"}))

    assert "This club opens soon" in said
    assert "Sign in and go on" in said


def test_a_logo_is_served_as_a_picture_and_nothing_else(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    with shop.worlds.open() as world:
        digest = keep_logo(world, read_picture(png()))
    change(shop, logo=digest)

    answer = guest.get(f"/logo?v={digest}")

    assert answer.data == png()
    assert answer.content_type == "image/png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f'src="/logo?v={digest}"' in guest.get("/").get_data(as_text=True)


def test_an_old_address_of_the_logo_is_not_kept(shop: Shop, guest: Browser) -> None:
    with shop.worlds.open() as world:
        keep_logo(world, read_picture(png()))
        digest = keep_logo(world, read_picture(png(32, 32)))

    answer = guest.get("/logo?v=before")
    again = guest.get("/logo", headers={"If-None-Match": f'"{digest}"'})

    assert (answer.data, answer.headers["Cache-Control"]) == (png(32, 32), "no-cache")
    assert again.status_code == 304


def test_without_a_logo_there_is_none(shop: Shop, guest: Browser) -> None:
    with shop.worlds.open() as world:
        keep_logo(world, read_picture(png()))
        drop_logo(world)

    assert guest.get("/logo").status_code == 404


def test_a_pale_colour_is_made_readable(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    change(shop, colour="#FFD84D")

    page = guest.get("/").get_data(as_text=True)
    answer = guest.get("/brand.css?v=FFD84D")

    assert 'href="/brand.css?v=FFD84D"' in page
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    action = answer.get_data(as_text=True).split("--c-action: ")[1][:7]
    assert ratio(action, "#FFFFFF") >= 4.5


def test_without_a_colour_the_house_colours_stay(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    assert "brand.css" not in guest.get("/").get_data(as_text=True)
    assert "--c-action" not in guest.get("/brand.css").get_data(as_text=True)
