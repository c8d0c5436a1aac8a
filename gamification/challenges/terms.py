"""What a challenge asks for, of whom, and what it brings: frozen, closed to unknown fields."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveInt, model_validator

from gamification.measures.catalogue import EVERYTHING, PURCHASES, Event, Spec, Where

Kind = Literal["count", "sum", "distinct", "streak", "best"]
Of = Literal["day", "week", "month", "category", "store", "channel", "sku", "event"]
MOST_STEPS, MOST_RUNGS = 9, 5


class Step(Spec):
    """One thing to do, and how much of it.

    `count` counts acts, `sum` kept money in minor units (of the categories asked for, where
    some are), `distinct` different keys `of` a kind, `streak` days, weeks or months in a row
    with so many `freezes` a quarter, `best` the largest single receipt. With `fresh_days`, keys
    that the member had within so many days before the challenge do not count as different.
    """

    kind: Kind
    at_least: PositiveInt
    events: tuple[Event, ...] = PURCHASES
    of: Of | None = None
    where: Where = EVERYTHING
    freezes: Annotated[int, Field(ge=0, le=5)] = 0
    fresh_days: Annotated[int, Field(ge=1, le=366)] | None = None

    @model_validator(mode="after")
    def _make_sense(self) -> "Step":
        keyed = self.kind in ("distinct", "streak")
        if keyed != (self.of is not None):
            raise ValueError("of")
        if self.kind == "streak" and self.of not in ("day", "week", "month"):
            raise ValueError("of")
        if self.fresh_days and self.kind != "distinct":
            raise ValueError("fresh_days")
        if self.kind in ("sum", "best") and self.events != PURCHASES:
            raise ValueError("events")
        return self


class Rung(Spec):
    """A step of the ladder: at which score, and how many points it brings."""

    at: PositiveInt
    points: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class ChallengeTerms(Spec):
    """Everything that decides who takes part, what counts and what it brings.

    With one step the score is its value, with several it is how many of them are done; the
    last rung is the goal. `endowed` are stamps given at the start, included in the score.
    `window`: the challenge's own dates, or `days` from joining the programme or the challenge.
    Source: domain, 11.
    """

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]
    in_order: bool = False
    ladder: Annotated[tuple[Rung, ...], Field(min_length=1, max_length=MOST_RUNGS)]
    medal: bool = False
    endowed: Annotated[int, Field(ge=0, le=2)] = 0
    stamps: bool = False
    enrol: Literal["auto", "button"] = "auto"
    window: Literal["dates", "joined", "enrolled"] = "dates"
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    repeat: Literal["once", "daily", "weekly", "monthly"] = "once"
    count_from: Literal["start", "enrolled"] = "start"
    grace_hours: Annotated[int, Field(ge=0, le=24 * 14)] = 48
    hold_days: Annotated[int, Field(ge=0, le=90)] = 14
    max_winners: PositiveInt | None = None
    most_points: PositiveInt | None = None
    control_percent: Annotated[int, Field(ge=0, le=50)] = 10
    audience: dict[str, Any] = Field(default_factory=dict)
    remind_days: tuple[Annotated[int, Field(ge=0, le=60)], ...] = ()
    compensation: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    art: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _make_sense(self) -> "ChallengeTerms":
        at = [rung.at for rung in self.ladder]
        if at != sorted(set(at)):
            raise ValueError("ladder")
        if at[-1] > self.most_score or self.endowed >= at[0]:
            raise ValueError("ladder")
        if (self.window == "dates") != (self.days is None):
            raise ValueError("days")
        if self.window == "enrolled" and self.enrol != "button":
            raise ValueError("enrol")
        if self.repeat != "once" and (self.window != "dates" or self.max_winners):
            raise ValueError("repeat")
        return self

    @property
    def most_score(self) -> int:
        """The highest score that a ladder may ask for, gifted stamps included."""
        if len(self.steps) == 1:
            return self.steps[0].at_least
        return len(self.steps) + self.endowed

    @property
    def goal(self) -> int:
        """The score that completes the challenge."""
        return self.ladder[-1].at

    @property
    def points(self) -> int:
        """What completing brings altogether."""
        return sum(rung.points for rung in self.ladder)


def parse_terms(value: dict[str, Any]) -> ChallengeTerms:
    """Terms from their stored form; refuses unknown fields and what makes no sense."""
    return ChallengeTerms.model_validate(value)


def stored(terms: ChallengeTerms) -> dict[str, Any]:
    """The stored form: JSON values, defaults left out."""
    return terms.model_dump(mode="json", exclude_defaults=True)
