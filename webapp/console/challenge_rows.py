"""Buttons of the builder that change what was typed: rows come and go, a press mends a field."""

from gamification.readmodels.challenge_desk import MOST_RUNGS, MOST_STEPS
from webapp.console.challenge_audience import MOST_ROWS, ROW, fill_row, offered_kinds
from webapp.console.challenge_forms import ChallengeForm
from webapp.console.challenge_steps import FRESH, STEP_FIELDS, STEP_LISTS
from webapp.console.fields import number_of
from webapp.console.segment_fields import MANY, Shelf

MENDED = ("budget", "points", "ends", "s0_n")
"""Fields that a button may set."""


def press(form: ChallengeForm, what: str, shelf: Shelf) -> None:
    """Do what a button says: `add_step`, `drop_step:1`, `add_condition:tier`; else nothing."""
    act, _colon, of = what.partition(":")
    place = int(of) if of.isascii() and of.isdigit() and len(of) < 3 else 0
    match act:
        case "add_step":
            _add_step(form)
        case "drop_step":
            _drop_step(form, place)
        case "add_rung":
            _add_rung(form)
        case "drop_rung":
            _drop(form, "r", "rungs", place, MOST_RUNGS - 1, ("at", "points"))
        case "add_condition":
            _add_condition(form, of, shelf)
        case "drop_condition":
            _drop_condition(form, place)


def mend(form: ChallengeForm, what: str) -> None:
    """Set a field as a button proposed: `budget:260000`."""
    name, _colon, value = what.partition(":")
    if name in MENDED:
        form.values[name] = value[:20]


def _add_step(form: ChallengeForm) -> None:
    count = form.count("steps", MOST_STEPS, 1)
    if count >= MOST_STEPS:
        return
    was_all = form.values["need"] in ("", str(count)) or count == 1
    form.values |= {f"s{count}_{name}": "" for name in STEP_FIELDS}
    form.values |= {f"s{count}_{name}": value for name, value in FRESH.items()}
    form.lists |= {f"s{count}_{name}": [] for name in STEP_LISTS}
    form.values["steps"] = str(count + 1)
    if count == 1:
        form.values["rungs"] = "0"  # the ladder counts steps from now on
    if was_all:
        form.values["need"] = str(count + 1)


def _drop_step(form: ChallengeForm, place: int) -> None:
    count = form.count("steps", MOST_STEPS, 1)
    if count < 2 or place >= count:
        return
    _drop(form, "s", "steps", place, MOST_STEPS, STEP_FIELDS, STEP_LISTS)
    form.values["need"] = str(min(form.count("need", MOST_STEPS, 1), count - 1))
    if count == 2:
        form.values["rungs"] = "0"


def _drop_condition(form: ChallengeForm, place: int) -> None:
    _drop(form, "a", "conditions", place, MOST_ROWS, ROW, MANY)


def _drop(
    form: ChallengeForm,
    letter: str,
    counted: str,
    place: int,
    most: int,
    names: tuple[str, ...],
    lists: tuple[str, ...] = (),
) -> None:
    count = form.count(counted, most)
    if place >= count:
        return
    for n in range(place, count - 1):
        here, after = f"{letter}{n}_", f"{letter}{n + 1}_"
        form.values |= {here + name: form.values.get(after + name, "") for name in names}
        form.lists |= {here + name: form.lists.get(after + name, []) for name in lists}
    form.values[counted] = str(count - 1)


def _add_rung(form: ChallengeForm) -> None:
    """A step of the reward half way between the last one and the goal."""
    count = form.count("rungs", MOST_RUNGS - 1)
    many = form.count("steps", MOST_STEPS, 1) > 1
    ends = number_of(form.values["need" if many else "s0_n"])
    begins = number_of(form.values[f"r{count - 1}_at"] if count else form.values["endowed"] or "0")
    if count >= MOST_RUNGS - 1 or ends is None or begins is None:
        return
    between = int(begins + ends) // 2 if not many else int(begins + ends + 1) // 2
    form.values |= {f"r{count}_at": str(between), f"r{count}_points": "50"}
    form.values["rungs"] = str(count + 1)


def _add_condition(form: ChallengeForm, kind: str, shelf: Shelf) -> None:
    count = form.count("conditions", MOST_ROWS)
    if count >= MOST_ROWS or kind not in dict(offered_kinds(shelf)):
        return
    fill_row(form, form.lists, shelf, count, kind)
    form.values["conditions"] = str(count + 1)
