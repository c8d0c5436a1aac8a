"""Challenges of the story: one is over, two run, one is coming; no chance is drawn."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from gamification.commands.challenge_clock import (
    advance_challenges,
    close_challenges,
    pay_challenges,
)
from gamification.commands.challenge_messages import invite_members
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.clockwork import seed_measures
from gamification.world import World
from webapp.demo.menu import COFFEE, DESSERT, PASTRY
from webapp.demo.visits import MOSCOW

KEPT_APART = 10
"""How many members in a hundred are only counted."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A challenge by days from the end of the story."""

    code: str
    begins: int
    days: int
    terms: ChallengeTerms
    words: dict[str, ChallengeWords]
    budget: int


def asks(step: Step, points: int, scene: str, glyph: str, **more: object) -> ChallengeTerms:
    """Terms with one step and one reward."""
    return ChallengeTerms.model_validate(
        {
            "steps": [step.model_dump()],
            "ladder": [Rung(at=step.at_least, points=points).model_dump()],
            "control_percent": KEPT_APART,
            "art": {"scene": scene, "glyph": glyph},
            **more,
        }
    )


def bought(kind: str, at_least: int, *categories: str, **more: object) -> Step:
    """A step about goods of some categories."""
    return Step.model_validate(
        {"kind": kind, "at_least": at_least, "where": {"categories": categories}, **more}
    )


STORY = (
    Planned(
        "fillings", -85, 50,
        asks(bought("distinct", 4, PASTRY, of="sku"), 150, "coral", "croissant", medal=True),
        {
            "ru": ChallengeWords("Четыре начинки", "Четыре разных булочки или пирога."),
            "en": ChallengeWords("Four Fillings", "Four different buns or pies."),
        },
        20_000,
    ),
    Planned(
        "coffee-card", -90, 98,
        asks(bought("count", 10, COFFEE), 200, "sun", "cup", stamps=True, remind_days=[1]),
        {
            "ru": ChallengeWords("Кофейный абонемент", "Десять раз зайдите за кофе."),
            "en": ChallengeWords("Coffee Pass", "Come for coffee ten times."),
        },
        60_000,
    ),
    Planned(
        "sweet-way", -6, 20,
        asks(bought("distinct", 3, DESSERT, of="sku"), 120, "sky", "cake", enrol="button"),
        {
            "ru": ChallengeWords("Сладкий путь", "Попробуйте три разных десерта."),
            "en": ChallengeWords("The Sweet Way", "Try three different desserts."),
        },
        30_000,
    ),
    Planned(
        "warm-evenings", 6, 14,
        asks(Step(kind="sum", at_least=300_000), 250, "mint", "gift"),
        {
            "ru": ChallengeWords("Тёплые вечера", "Соберите покупок на три тысячи за две недели."),
            "en": ChallengeWords("Warm Evenings", "Three thousand in purchases within two weeks."),
        },
        40_000,
    ),
)  # fmt: skip


FIRST_BEGINS = timedelta(days=-min(planned.begins for planned in STORY) + 1)
"""How long before the end of the story the first of them is known."""


def launch_all(world: World, end: datetime) -> None:
    """Everything that the café planned, as of a moment before the first of them."""
    today = end.astimezone(MOSCOW).date()
    for planned in STORY:
        starts = datetime.combine(today + timedelta(days=planned.begins), time(0), MOSCOW)
        ends = datetime.combine(
            today + timedelta(days=planned.begins + planned.days), time(0), MOSCOW
        )
        plan = ChallengePlan("blank", planned.terms, planned.words, starts, ends, planned.budget)
        draft = draft_challenge(world, plan, actor="demo")
        draft.code = planned.code  # the same at every telling, so that the arms are the same
        launch_challenge(world, draft.id or 0, over=draft.revision, actor="demo")


def run_all(world: World) -> None:
    """What the clock would have done about challenges by then."""
    while seed_measures(world):
        pass
    pay = pay_challenges
    for step in (advance_challenges, invite_members, pay, close_challenges, pay):
        while step(world):
            pass
