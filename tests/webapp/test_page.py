"""A page is whole for a browser and one block for htmx."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.preview.show import show


@pytest.fixture(scope="module")
def app() -> Flask:
    return show()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def asks_for(target: str, **more: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target, **more}


def test_a_browser_gets_the_whole_page(visitor: FlaskClient) -> None:
    answer = visitor.get("/history")

    assert answer.text.lstrip().startswith("<!doctype html>")
    assert "HX-Request" in answer.vary
    assert "HX-Target" in answer.vary


def test_htmx_gets_the_block_of_its_target(visitor: FlaskClient) -> None:
    answer = visitor.get("/history", headers=asks_for("rows"))

    assert answer.text.lstrip().startswith('<div id="rows"')
    assert "<html" not in answer.text
    assert "Почему столько?" in answer.text
    assert "HX-Request" in answer.vary
    assert "HX-Target" in answer.vary


def test_show_more_gets_the_rows_without_the_filters(visitor: FlaskClient) -> None:
    answer = visitor.get("/history?after=x", headers=asks_for("more"))

    assert 'class="filters"' not in answer.text
    assert 'id="more"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        asks_for("nothing-of-this-name"),
        asks_for("rows", **{"HX-Boosted": "true"}),
        asks_for("rows", **{"HX-History-Restore-Request": "true"}),
        {"HX-Target": "rows"},
    ],
)
def test_everything_else_gets_the_whole_page(visitor: FlaskClient, headers: dict[str, str]) -> None:
    assert "<html" in visitor.get("/history", headers=headers).text


def test_a_toast_rides_along_with_a_block(visitor: FlaskClient) -> None:
    answer = visitor.get("/history?toast=Saved", headers=asks_for("rows"))

    assert 'id="toast" role="status" hx-swap-oob="true"' in answer.text
    assert "Saved" in answer.text
