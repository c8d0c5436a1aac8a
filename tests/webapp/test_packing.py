"""Answers are packed for who takes it, and say the same when unpacked."""

import gzip

from tests.webapp.shopfront import Browser, Shop

GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_packed_and_says_the_same(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    plain = guest.get("/sign-in")
    packed = guest.get("/sign-in", headers=GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    opened = gzip.decompress(packed.data).decode()
    assert opened.split("csrf_token")[0] == plain.get_data(as_text=True).split("csrf_token")[0]


def test_the_length_of_a_packed_page_is_blurred(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    lengths = {len(guest.get("/sign-in", headers=GZIP).data) for _ in range(12)}

    assert len(lengths) > 3


def test_static_files_are_packed_once_and_known_again(shop: Shop, guest: Browser) -> None:
    first = guest.get("/static/medals.svg", headers=GZIP)
    again = guest.get(
        "/static/medals.svg", headers={**GZIP, "If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == guest.get("/static/medals.svg").data
    assert again.status_code == 304
    assert guest.get("/static/nothing.css", headers=GZIP).status_code == 404
    assert guest.get("/static/..%2f..%2fpyproject.toml", headers=GZIP).status_code == 404


def test_fonts_and_versioned_files_are_kept_for_a_year(shop: Shop, guest: Browser) -> None:
    font = guest.get("/static/fonts/onest-latin.woff2", headers=GZIP)
    sheet = guest.get("/static/css/base.css?v=1", headers=GZIP)

    assert "Content-Encoding" not in font.headers
    assert "immutable" in font.headers["Cache-Control"]
    assert "immutable" in sheet.headers["Cache-Control"]


def test_small_and_refused_packing_stay_plain(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    assert "Content-Encoding" not in guest.get("/healthz", headers=GZIP).headers
    refused = guest.get("/sign-in", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
