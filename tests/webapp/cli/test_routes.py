"""Every address is listed with who may come in."""

import json
from collections.abc import Callable

import pytest

from tests.webapp.cli.conftest import Said
from webapp.access import ROLES


@pytest.fixture(autouse=True)
def database(laurel: Callable[..., Said]) -> None:
    assert laurel("db", "upgrade").code == 0


def test_routes_for_programs(laurel: Callable[..., Said]) -> None:
    said = laurel("routes", "--json")

    lines = json.loads(said.out)
    assert said.code == 0
    assert {tuple(line) for line in lines} == {("method", "path", "endpoint", "roles")}
    known = {(line["method"], line["path"]): line["roles"] for line in lines}
    assert known["GET", "/staff/find"] == ["cashier", "marketer", "owner"]
    assert known["POST", "/sign-in"] == ["anonymous"]
    people = {role for line in lines for role in line["roles"] if not role.startswith("key:")}
    assert people == set(ROLES)


def test_routes_for_people(laurel: Callable[..., Said]) -> None:
    lines = laurel("routes").out.splitlines()

    assert any(line.split()[:3] == ["GET", "/staff/find", "staff.find"] for line in lines)
