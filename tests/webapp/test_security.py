"""Headers, cookies, tokens, bounds and hosts."""

import json
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webapp.shopfront import KEY, Browser, Shop, text_of
from webapp.app import create_app
from webapp.security import MOST_DRAINED, is_too_deep, own_path
from webapp.settings import Settings

PHONE = "+79123456789"


@pytest.fixture
def https(engine: sa.Engine, tmp_path: Path) -> Browser:
    """A real shop behind https."""
    settings = Settings(
        data=tmp_path,
        secret_key=KEY,
        demo=False,
        public_url="https://club.example.org",
        log_level="error",
    )
    app = create_app(settings, engine=engine)
    app.config.update(PREFERRED_URL_SCHEME="https", SERVER_NAME="club.example.org")
    return Browser(app.test_client())


def test_every_answer_carries_the_headers(guest: Browser) -> None:
    for path in ("/sign-in", "/nope", "/static/css/base.css", "/healthz", "/settings"):
        headers = guest.get(path).headers
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )

        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_and_versioned_files_are(guest: Browser) -> None:
    kept = [guest.get(p).headers["Cache-Control"] for p in ("/sign-in", "/static/favicon.svg?v=1")]

    assert kept == ["no-store", "public, max-age=31536000, immutable"]


def test_over_https_the_cookie_is_locked_to_its_host(https: Browser) -> None:
    answer = https.get("/sign-in")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-laurel=")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert "Domain" not in cookie
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_on_plain_http_the_demo_goes_without_secure(guest: Browser) -> None:
    cookie = guest.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("laurel=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_https_wants_the_referrer_of_our_own_page(https: Browser) -> None:
    form = {"csrf_token": https.token("/sign-in"), "contact": PHONE}

    bare = https.client.post("/sign-in", data=form)
    ours = https.client.post(
        "/sign-in", data=form, headers={"Referer": "https://club.example.org/sign-in"}
    )

    assert (bare.status_code, ours.status_code) == (400, 303)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused_even_with_a_token(
    guest: Browser, headers: dict[str, str], status: int
) -> None:
    form = {"csrf_token": guest.token("/sign-in"), "contact": PHONE}

    assert guest.client.post("/sign-in", data=form, headers=headers).status_code == status


def test_a_token_of_another_session_is_refused(shop: Shop, guest: Browser) -> None:
    other = shop.browser().token("/sign-in")
    guest.get("/sign-in")

    answer = guest.client.post("/sign-in", data={"csrf_token": other, "contact": PHONE})

    assert answer.status_code == 400
    assert shop.letters() == []


def test_the_token_may_come_in_a_header(guest: Browser) -> None:
    token = guest.token("/sign-in")

    answer = guest.client.post("/sign-in", data={"contact": PHONE}, headers={"X-CSRFToken": token})

    assert answer.status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b"])
def test_only_our_own_names_are_answered(guest: Browser, host: str) -> None:
    answer = guest.get("/sign-in", headers={"Host": host})

    assert answer.status_code == 400
    assert host not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_this_machine_is_one_of_our_names(guest: Browser, host: str) -> None:
    assert guest.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_large_body_is_refused_before_it_is_read(guest: Browser) -> None:
    body = "contact=" + "9" * (256 * 1024)

    answer = guest.client.post(
        "/sign-in", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(("size", "left"), [(1_000_000, 0), (MOST_DRAINED + 1, MOST_DRAINED + 1)])
def test_who_sends_too_much_is_heard_out_up_to_a_bound(
    guest: Browser, size: int, left: int
) -> None:
    sending = BytesIO(b"9" * size)

    answer = guest.client.post(
        "/sign-in", input_stream=sending, content_length=size,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    assert answer.status_code == 413
    assert "413" in text_of(answer)
    assert size - sending.tell() == left


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_thousand_fields_are_too_many(guest: Browser, kind: str) -> None:
    fields = {f"f{n}": "1" for n in range(1_001)}

    assert guest.client.post("/sign-in", data=fields, content_type=kind).status_code == 413


def test_a_long_query_is_refused(guest: Browser) -> None:
    assert guest.get("/sign-in?next=/" + "a" * 9_000).status_code == 414


@pytest.mark.parametrize("body", [b"a=%ff%fe", b"%", b"\x00\x01", b"&&&=&", b"contact=%00"])
def test_odd_forms_never_break_us(guest: Browser, body: bytes) -> None:
    answer = guest.client.post(
        "/sign-in", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400


def test_a_nul_never_reaches_the_database(shop: Shop) -> None:
    cashier = shop.signed_in_as("cashier")
    form = {"csrf_token": cashier.token("/settings"), "key": "a\0b"}

    answers = [
        cashier.get("/staff/find?q=%00"),
        cashier.get("/staff/new-password/%00"),
        cashier.client.post("/settings/sessions/end", data=form),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_deep_json_is_told_from_long_json() -> None:
    assert is_too_deep(nested(33))
    assert is_too_deep('{"a":' * 40 + "1" + "}" * 40)
    assert not is_too_deep(nested(32))
    assert not is_too_deep(json.dumps([[] for _ in range(1_000)]))
    assert not is_too_deep(json.dumps({"text": "[" * 5_000 + '\\"{' * 50}))


@pytest.mark.parametrize(
    "text",
    [nested(100_000), "[" * 100_000, '{"a": NaN}', '{"a": Infinity}'],
    ids=["deep", "open", "nan", "infinity"],
)
def test_json_that_we_do_not_read(shop: Shop, text: str) -> None:
    with shop.app.app_context(), pytest.raises(ValueError, match=r"deeper|not a number"):
        shop.app.json.loads(text)


@pytest.mark.parametrize("text", ["/", "/history?chosen=all&x=1", "/a/b#c", "/%D1%8F"])
def test_own_paths_are_followed(text: str) -> None:
    assert own_path(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "history",
        "//evil",
        "/\\evil",
        "\\evil",
        "https://evil",
        "/\n/evil",
        "/ /evil",
        "/\t/evil",
        "javascript:alert(1)",
        "/" + "a" * 2_000,
        "/a\x7f",
    ],
)
def test_other_paths_are_not(text: str | None) -> None:
    assert own_path(text) is None


def test_a_forged_cookie_is_nobody(shop: Shop, guest: Browser) -> None:
    with guest.client.session_transaction() as cookie:
        cookie["_user_id"] = "guessed"

    assert guest.get("/settings").status_code == 303


def test_an_unsigned_cookie_is_nobody(shop: Shop, guest: Browser) -> None:
    guest.client.set_cookie("laurel", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")

    assert guest.get("/settings").status_code == 303


def test_a_remember_cookie_of_flask_login_means_nothing(shop: Shop, guest: Browser) -> None:
    guest.client.set_cookie("remember_token", "1|aaaa")

    assert guest.get("/settings").status_code == 303
