"""A till for tests: it holds a key, sends receipts and reads answers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.owner import ProgrammePlan, publish_rule, tier_plans
from gamification.members.newcomers import new_member_row
from gamification.members.tables import Card
from gamification.programme import ProgrammeRow
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.programmes import remembered_programme
from tests.webapp.shopfront import Shop
from webapp.keys.actions import SCOPES, add_key
from webapp.surroundings import here

CARD, PHONE, OWN_ID = "4600123456789", "+79161234567", "13085"
ANNA = {"card": CARD}
WHEN = "2026-11-24T12:00:00+03:00"


def open_programme(world: World, *, tiers: str = "cafe", **columns: Any) -> None:
    """A programme whose settings a test may bend."""
    row = remembered_programme(world, ProgrammePlan(name="Полдень", tiers=tier_plans(tiers)))
    for name, value in columns.items():
        setattr(row, name, value)
    world.session.flush()


def add_member(
    world: World, *, card: str | None = None, phone: str | None = None, own_id: str | None = None
) -> int:
    """Somebody with a card, a phone or an id of the shop's own system."""
    store = Store(world.session.connection())
    row = new_member_row(external_id=own_id, joined_at=world.now, origin="import")
    row["phone"] = phone
    store.insert("member", [tuple(row.values())], columns=tuple(row))
    found = store.first("SELECT MAX(id) FROM member")
    assert found is not None
    if card:
        world.session.add(Card(member_id=found[0], number=card, issued_at=world.now))
        world.session.flush()
    return int(found[0])


def five_per_cent(world: World) -> None:
    """Every tier earns 5 % from the beginning of time: the rate of the stories."""
    rates = dict.fromkeys(("sprout", "leaf", "branch", "wreath"), 500)
    row = world.session.get(ProgrammeRow, 1)
    assert row is not None
    publish_rule(world, code="tier_rate", kind="tier_rate", params={"rates": rates},
                 valid_from=row.live_at and row.live_at.replace(year=2000))  # fmt: skip


@dataclass
class Till:
    """A program with a key, at the counter of a shop."""

    shop: Shop
    client: FlaskClient
    key: str

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} | more

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers(**headers))

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.client.patch(f"/api/v1{path}", json=body, headers=self.headers(**headers))

    def get(self, path: str, query: dict[str, str] | None = None, **headers: str) -> TestResponse:
        return self.client.get(
            f"/api/v1{path}", query_string=query or {}, headers=self.headers(**headers)
        )

    def buy(self, receipt_id: str, total: str, **more: Any) -> TestResponse:
        """A purchase of Anna's for so much money."""
        body = {"id": receipt_id, "occurred_at": WHEN, "member": ANNA, "total": total}
        return self.post("/purchases", body | more)

    def bring_back(self, receipt_id: str, purchase_id: str, **more: Any) -> TestResponse:
        """A return of Anna's: all of a purchase, unless lines are told."""
        body = {"id": receipt_id, "occurred_at": WHEN, "member": ANNA, "purchase_id": purchase_id}
        return self.post("/returns", body | ({} if "lines" in more else {"whole": True}) | more)

    def anna(self) -> Any:
        """What the programme says of Anna."""
        return self.get("/members", ANNA).get_json()

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of a query with `?` marks."""
        with Session(here(self.shop.app).engine) as session:
            return [tuple(row) for row in Store(session.connection()).rows(sql, *params)]


def new_key(shop: Shop, name: str = "till-1", *scopes: str) -> str:
    """A key's secret text."""
    with shop.worlds.open() as world:
        return add_key(world, name, scopes or SCOPES)[1]


def till_of(shop: Shop, name: str = "till-1", *scopes: str) -> Till:
    return Till(shop, shop.app.test_client(), new_key(shop, name, *scopes))


def faults(answer: TestResponse) -> dict[str, str]:
    """The codes of a 422 by the place they stand at."""
    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (422, "invalid_request"), body
    return {error.get("pointer", error.get("parameter")): error["code"] for error in body["errors"]}


def step(at_least: int, *categories: str) -> Step:
    """So many purchases of some categories."""
    return Step.model_validate(
        {"kind": "count", "at_least": at_least, "where": {"categories": categories}}
    )


def run_challenge(
    till: Till, code: str, asked: Step, ru: str = "Неделя", en: str = "Week", **more: Any
) -> None:
    """A challenge of this month, for everybody unless told otherwise."""
    terms: dict[str, Any] = {"control_percent": 0, "ladder": (Rung(at=asked.at_least, points=9),)}
    with till.shop.worlds.open() as world:
        begins = world.now - timedelta(days=3)
        plan = ChallengePlan(
            "blank", ChallengeTerms(steps=(asked,), **(terms | more)),
            {"ru": ChallengeWords(ru), "en": ChallengeWords(en)}, begins,
            begins + timedelta(days=30), 10_000,
        )  # fmt: skip
        then = World(world.session, fixed_clock(begins))
        draft = draft_challenge(then, plan, actor="marketer")
        draft.code = code
        launch_challenge(then, draft.id or 0, over=draft.revision, actor="marketer")
