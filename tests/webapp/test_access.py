"""Every route says who may come in, and lets nobody else in: route by route, role by role."""

from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, Response
from sqlmodel import SQLModel
from werkzeug.routing import Rule

import webapp.app as app_module
from tests.webapp.shopfront import KEY, Browser, Now, Shop
from webapp.access import ROLES, Access, UndeclaredRoute, access_of, allow, declared_routes
from webapp.app import create_app
from webapp.db import make_engine
from webapp.settings import Settings

PEOPLE = tuple(role for role in ROLES if role != "anonymous")
SAMPLES = {"integer": 1, "float": 1.0, "uuid": uuid4()}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One app for the whole matrix: no test of it changes anything that another one reads."""
    folder = tmp_path_factory.mktemp("matrix")
    now = Now(folder / "now")
    now.set("2026-11-24T09:00:00+00:00")
    settings = Settings(
        data=folder, secret_key=KEY, test_mode=True, clock_file=now.path, log_level="error"
    )
    engine = make_engine(settings.database)
    SQLModel.metadata.create_all(engine)
    shop = Shop(create_app(settings, engine=engine), now)
    shop.set_up()
    return shop


@pytest.fixture(scope="module")
def people(house: Shop) -> dict[str, Browser]:
    """A browser of each role; `customer` has no claim to anything of the staff."""
    return {role: house.signed_in_as(role) for role in PEOPLE}


def every_route() -> list[tuple[str, str]]:
    """Method and path of every route that the app has, with something in the variable parts."""
    app = bare_app()
    lines = [
        (method, path_of(app, rule))
        for rule, _ in declared_routes(app)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(set(lines))


def bare_app() -> Flask:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    SQLModel.metadata.create_all(engine)
    return create_app(Settings(secret_key=KEY, log_level="error"), engine=engine)


def path_of(app: Flask, rule: Rule) -> str:
    values = {
        name: SAMPLES.get(type(converter).__name__.removesuffix("Converter").lower(), "x")
        for name, converter in rule._converters.items()
    }
    if rule.endpoint == "static":
        values = {"filename": "favicon.svg"}
    with app.test_request_context(base_url="http://127.0.0.1"):
        _, path = rule.build(values) or ("", "")
    return path


ROUTES = every_route()


def access_at(shop: Shop, method: str, path: str) -> Access:
    adapter = shop.app.url_map.bind("127.0.0.1")
    endpoint, _ = adapter.match(path, method=method)
    found = access_of(shop.app, endpoint)
    assert found is not None
    return found


def ask(shop: Shop, browser: Browser, method: str, path: str) -> Response:
    """Ask as a page of ours would: with the form token of this browser."""
    data = {} if method == "GET" else {"csrf_token": browser.token("/claim")}
    return browser.client.open(path, method=method, data=data, buffered=True)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_gets_in_only_where_everybody_may(house: Shop, method: str, path: str) -> None:
    access = access_at(house, method, path)

    answer = ask(house, house.browser(), method, path)

    if "anonymous" in access.roles:
        assert answer.status_code not in (401, 403)
    elif access.key is not None:
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert "sign-in" in answer.location


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_role_gets_in_only_where_it_may(
    house: Shop, people: dict[str, Browser], role: str, method: str, path: str
) -> None:
    access = access_at(house, method, path)
    browser = house.signed_in_as(role) if path == "/sign-out" else people[role]

    answer = ask(house, browser, method, path)

    if access.key is not None:
        assert answer.status_code == 401
    elif role in access.roles or "anonymous" in access.roles:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500 or path == "/readyz"  # this schema was not migrated
    else:
        assert answer.status_code in (403, 404)


@pytest.mark.parametrize(("method", "path"), [x for x in ROUTES if x[0] != "GET"])
def test_a_form_without_its_token_changes_nothing(
    house: Shop, people: dict[str, Browser], method: str, path: str
) -> None:
    access = access_at(house, method, path)
    role = next((role for role in PEOPLE if role in access.roles), "owner")

    answer = people[role].client.open(path, method=method, data={})

    assert answer.status_code == (401 if access.key is not None else 400)


def test_a_route_that_says_nothing_keeps_the_app_from_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = Blueprint("silent", __name__)
    silent.add_url_rule("/hole", "hole", lambda: "come in")
    monkeypatch.setattr(app_module, "BLUEPRINTS", (*app_module.BLUEPRINTS, silent))

    with pytest.raises(UndeclaredRoute, match="/hole"):
        bare_app()


def test_a_key_that_nobody_checks_keeps_the_app_from_starting() -> None:
    app = bare_app()
    from webapp.surroundings import here

    here(app).key_gate = None
    app.view_functions["keyed"] = allow(key="receipts:write")(lambda: "come in")
    app.url_map.add(Rule("/keyed", endpoint="keyed"))

    with pytest.raises(UndeclaredRoute, match="nothing checks keys"):
        list(declared_routes(app))


@pytest.mark.parametrize(("roles", "key"), [((), None), (("customer",), "x"), (("boss",), None)])
def test_a_declaration_names_people_or_a_key(roles: tuple[str, ...], key: str | None) -> None:
    with pytest.raises(AssertionError):
        allow(*roles, key=key)


def test_htmx_is_told_where_the_door_is(house: Shop) -> None:
    answer = house.browser().get("/settings", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize(
    ("seen", "then"),
    [
        ("http://localhost/settings/profile?x=1", "/sign-in?next=/settings/profile?x%3D1"),
        ("http://evil.example/settings", "/sign-in"),
        ("nonsense", "/sign-in"),
    ],
)
def test_the_door_leads_back_to_the_page_that_asked_by_htmx(
    house: Shop, seen: str, then: str
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": seen}
    answer = house.browser().get("/settings", headers=headers)

    assert answer.headers["HX-Redirect"] == then


def test_the_matrix_knows_pages_of_every_kind() -> None:
    paths = {path for _, path in ROUTES}

    assert {"/sign-in", "/settings", "/staff/find", "/static/favicon.svg", "/healthz"} <= paths
