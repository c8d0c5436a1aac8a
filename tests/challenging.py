"""Verbs for stories about challenges: one is launched, people buy, the clock works."""

from typing import Any

from gamification.activities.queries import parsed
from gamification.commands.challenge_clock import (
    advance_challenges,
    close_challenges,
    pay_challenges,
)
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from tests.shop import Person, Shop

WORDS = {"ru": ChallengeWords("Неделя"), "en": ChallengeWords("Week")}
MOST_STEPS = 20_000


def terms(*steps: Step, at: int | None = None, points: int = 200, **more: Any) -> ChallengeTerms:
    """Terms with one rung; nobody is kept apart unless a story says so."""
    goal = at or (steps[0].at_least if len(steps) == 1 else len(steps))
    plan: dict[str, Any] = {"ladder": (Rung(at=goal, points=points),), "control_percent": 0}
    return ChallengeTerms(steps=steps, **(plan | more))


def launch(
    shop: Shop, wanted: ChallengeTerms, starts: str, ends: str, *, at: str | None = None,
    budget: int = 100_000,
) -> int:  # fmt: skip
    """A challenge from a local moment until another; answers its id."""
    plan = ChallengePlan("blank", wanted, WORDS, shop.when(starts), shop.when(ends), budget)
    with shop.world(at) as world:
        draft = draft_challenge(world, plan, actor="marketer")
        made = launch_challenge(world, draft.id or 0, over=draft.revision, actor="marketer")
        return made.id or 0


def work(shop: Shop, at: str) -> int:
    """Let the clock work at a moment until nothing is left to do; answers how many steps."""
    steps = 0
    for step in (advance_challenges, pay_challenges, close_challenges, pay_challenges):
        while True:
            with shop.world(at) as world:
                if not step(world):
                    break
            steps += 1
            assert steps < MOST_STEPS, "the clock finds an end"
    return steps


def entry(person: Person, challenge_id: int, period: str = "") -> dict[str, Any]:
    """A person's entry: state, score, rung, paid, points, prize, arm."""
    names = ("state", "score", "rung", "paid", "points", "prize", "arm", "place")
    rows = person.shop.rows(
        f"SELECT {', '.join(names)} FROM challenge_entry WHERE member_id = ?"
        " AND challenge_id = ? AND period = ?",
        person.id,
        challenge_id,
        period,
    )
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def told(person: Person, kind: str) -> list[dict[str, Any]]:
    """What the inbox told somebody of a kind, oldest first."""
    rows = person.shop.rows(
        "SELECT payload FROM notice WHERE member_id = ? AND kind = ? AND channel = 'inbox'"
        " ORDER BY id",
        person.id,
        kind,
    )
    return [parsed(row[0]) for row in rows]


def rewards(person: Person) -> list[tuple[str, int]]:
    """What challenges brought and what is left of it, oldest first."""
    return [
        (str(kind), int(left))
        for kind, left in person.shop.rows(
            "SELECT type, points_left FROM activity WHERE member_id = ? AND type LIKE 'challenge%'"
            " ORDER BY id",
            person.id,
        )
    ]
