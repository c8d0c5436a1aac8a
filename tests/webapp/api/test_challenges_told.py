"""A till hears at once which challenges its receipt moved, and nobody else's."""

from typing import Any

import pytest

from gamification.challenges.arms import arm_of
from gamification.store import Store
from tests.webapp.api.till import CARD, Till, run_challenge, step


def told(answer: Any) -> list[tuple[str, int, int, bool]]:
    """Code, how far, the goal, whether it was reached now."""
    moved = answer.get_json()["challenges"]
    return [(x["code"], x["done"], x["target"], x["finished"]) for x in moved]


def tea(till: Till, receipt_id: str, **more: Any) -> Any:
    return till.buy(receipt_id, "100.00", lines=[{"category": "tea", "amount": "100.00"}], **more)


def test_a_receipt_says_which_challenges_it_moved(till: Till) -> None:
    run_challenge(till, "two-teas", step(2, "tea"))
    run_challenge(till, "bread", step(1, "bread"))

    assert told(tea(till, "p-1")) == [("two-teas", 1, 2, False)]
    assert told(till.buy("p-2", "100.00")) == []
    assert told(tea(till, "p-3")) == [("two-teas", 2, 2, True)]
    assert told(tea(till, "p-4")) == [("two-teas", 2, 2, False)]  # it was reached before
    assert told(till.bring_back("b-1", "p-4")) == [("two-teas", 2, 2, False)]
    assert told(till.bring_back("b-2", "p-3")) == [("two-teas", 1, 2, False)]


def test_a_replay_and_a_look_give_the_same(till: Till) -> None:
    run_challenge(till, "tea", step(1, "tea"))
    first = tea(till, "p-1")
    tea(till, "p-2")
    till.bring_back("b-1", "p-2")

    again = tea(till, "p-1")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.get_json() == first.get_json()
    assert told(first) == [("tea", 1, 1, True)]
    shown = till.get("/receipts/p-1").get_json()["answer"]
    assert shown == first.get_json()


@pytest.mark.parametrize(("language", "name"), [("ru", "Неделя чая"), ("en", "Tea Week")])
def test_its_name_is_in_the_readers_language(till: Till, language: str, name: str) -> None:
    run_challenge(till, "tea", step(3, "tea"), "Неделя чая", "Tea Week")
    body = {"id": "p-1", "occurred_at": "2026-11-24T12:00:00+03:00", "member": {"card": CARD},
            "lines": [{"category": "tea", "amount": "100.00"}]}  # fmt: skip

    answer = till.post("/purchases", body, **{"Accept-Language": language})

    assert [one["name"] for one in answer.get_json()["challenges"]] == [name]


def test_neither_the_control_group_nor_outsiders_are_told(till: Till) -> None:
    number = till.rows("SELECT id FROM member")[0][0]
    code = next(f"c{n}" for n in range(100) if arm_of(f"c{n}", number, 50) == "control")
    run_challenge(till, code, step(1, "tea"), control_percent=50)
    tiers = {"all": [{"kind": "tier", "tiers": ["wreath"]}]}
    run_challenge(till, "few", step(1, "tea"), audience=tiers)

    assert told(tea(till, "p-1")) == []
    assert {tuple(row) for row in till.rows("SELECT arm, state FROM challenge_entry")} == {
        ("control", "completed"), ("treatment", "outside"),
    }  # fmt: skip


def test_a_return_that_overtook_its_purchase_is_in_the_answer(till: Till) -> None:
    run_challenge(till, "tea", step(1, "tea"))
    assert told(till.bring_back("b-1", "p-1")) == []

    answer = tea(till, "p-1")

    assert answer.get_json()["returns_applied"] == ["b-1"]
    assert told(answer) == [("tea", 0, 1, False)]
    assert told(tea(till, "p-1")) == told(answer)


def test_a_receipt_that_moves_nothing_asks_nothing_more(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("rows", "first"):
        real = getattr(Store, name)

        def noting(self: Store, sql: str, *values: Any, real: Any = real) -> Any:
            asked.append(sql)
            return real(self, sql, *values)

        monkeypatch.setattr(Store, name, noting)
    costs = []
    till.buy("p-0", "100.00")
    for n, challenge in enumerate((None, "bread")):
        if challenge:
            run_challenge(till, challenge, step(1, challenge))
            tea(till, "warm-1")
        asked.clear()
        tea(till, f"p-{n + 1}")
        costs.append(len(asked))

    assert costs[1] == costs[0]
