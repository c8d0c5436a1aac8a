"""What a builder of challenges says: verbs, choices, faults with a way out, states, the journal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from gamification.readmodels.challenge_desk import DeskRow, LogLine, Shared, Step
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext, reader
from webapp.words.acts import act_name
from webapp.words.challenges import conditions
from webapp.words.formats import clock, day, money, number, points

VERB_NAMES: Mapping[str, str] = {
    "times": _l("Make purchases"),
    "sum": _l("Spend"),
    "best": _l("One receipt of"),
    "days": _l("Shop on different days"),
    "kinds": _l("Buy from different categories"),
    "items": _l("Buy different items"),
    "places": _l("Shop in different stores"),
    "ways": _l("Shop in different ways"),
    "row_day": _l("Shop days in a row"),
    "row_week": _l("Shop weeks in a row"),
    "row_month": _l("Shop months in a row"),
    "friend_came": _l("Bring friends who buy"),
    "friend_joined": _l("Bring friends who join"),
    "profile_completed": _l("Fill in the profile"),
    "email_confirmed": _l("Confirm the e-mail"),
    "phone_confirmed": _l("Confirm the phone"),
    "daily_check_in": _l("Look in on days"),
    "kept": _l("As it was set elsewhere"),
}
WINDOWS: Mapping[str, str] = {
    "dates": _l("The same dates for everybody"),
    "joined": _l("Days after joining the programme"),
    "enrolled": _l("Days after joining the challenge"),
}
REPEATS: Mapping[str, str] = {
    "once": _l("Once"),
    "daily": _l("Every day"),
    "weekly": _l("Every week"),
    "monthly": _l("Every month"),
}
ENROLS: Mapping[str, str] = {
    "auto": _l("Everyone takes part automatically"),
    "button": _l("Anyone who presses “Take part”"),
}
COUNTS_FROM: Mapping[str, str] = {
    "start": _l("From the start of the challenge"),
    "enrolled": _l("From the moment somebody joined"),
}
SCENES: Mapping[str, str] = {
    "coral": _l("Coral"), "sun": _l("Yellow"), "mint": _l("Mint"), "sky": _l("Sky"),
    "iris": _l("Iris"),
}  # fmt: skip
GLYPH_NAMES: Mapping[str, str] = {
    "star": _l("Star"), "cup": _l("Cup"), "croissant": _l("Croissant"), "cake": _l("Cake"),
    "bag": _l("Bag"), "basket": _l("Basket"), "flame": _l("Flame"), "receipt": _l("Receipt"),
    "compass": _l("Compass"), "people": _l("People"), "sun": _l("The sun"), "moon": _l("Moon"),
    "gift": _l("Gift"), "heart": _l("Heart"), "leaf": _l("Leaf"), "snow": _l("Snowflake"),
    "book": _l("Book"), "bike": _l("Bicycle"), "paw": _l("Paw"), "trophy": _l("Trophy"),
}  # fmt: skip
STATES: Mapping[str, str] = {
    "draft": _l("Draft"),
    "scheduled": _l("Scheduled"),
    "live": _l("Running"),
    "paused": _l("Paused"),
    "ending": _l("Wrapping up"),
    "ended": _l("Ended"),
    "archived": _l("Ended"),
    "cancelled": _l("Called off"),
}
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("running", _l("Running"), ("live", "paused", "ending")),
    ("scheduled", _l("Scheduled"), ("scheduled",)),
    ("drafts", _l("Drafts"), ("draft",)),
    ("ended", _l("Ended"), ("ended", "archived", "cancelled")),
)
"""The list in its parts, in the order in which somebody has to look at them."""
WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices of a list in the reader's language."""
    return [(code, _(text)) for code, text in words.items()]


def state_name(state: str) -> str:
    """Where a challenge is in its life."""
    return _(STATES[state])


def name_in(names: Mapping[str, str]) -> str:
    """A challenge's name in the reader's language, in any, or that it has none yet."""
    mine = names.get(reader().language, "")
    return mine or next((name for name in names.values() if name), "") or _("Without a name")


class FaultWords(NamedTuple):
    """What stands in the way: the field it leads to, and a press that mends it.

    `mend` is `field:value` of the form, with its label; empty where only a person can say.
    """

    field: str
    text: str
    blocks: bool
    mend: str = ""
    label: str = ""


def fault_words(
    field: str, fault: str, values: Mapping[str, Any], *, blocks: bool, name: str = ""
) -> FaultWords:
    """A fault of a draft as a sentence. `name` is that of the other challenge, where one is."""
    if fault in ("below_one_reward", "below_winners"):
        least = int(values["least"])
        mend = (f"budget:{least}", _("Raise to %(least)s", least=number(least)))
        return FaultWords("budget", _below(fault, least), blocks, *mend)
    if fault == "paid_twice":
        return FaultWords("what", _paid_twice(name, values.get("both", ())), blocks)
    if fault == "longer_than_time":
        days = int(values.get("days", 0))
        text = ngettext(
            "In %(n)s day this cannot be done: make it longer or ask for less.",
            "In %(n)s days this cannot be done: make it longer or ask for less.", days,
            n=number(days),
        )  # fmt: skip
        return FaultWords(f"s{field.rpartition('.')[2]}_n", text, blocks)
    return FaultWords(_field_of(field), _plain_fault(field, fault), blocks)


def _paid_twice(name: str, both: Sequence[Shared]) -> str:
    """Which other challenge pays for the same, and for what."""
    if all("purchase" in shared.events for shared in both):
        said = _("“%(challenge)s” pays for the same purchases at the same time.", challenge=name)
    else:
        said = _("“%(challenge)s” pays for the same acts at the same time.", challenge=name)
    acts = "; ".join(shared_phrase(shared) for shared in both[:3])
    what = _("Both pay for: %(acts)s.", acts=acts)
    return f"{said} {what}" if acts else said


def shared_phrase(shared: Shared) -> str:
    """Acts that two challenges count: «покупки из «Кофе» по выходным»."""
    asked = Step(kind="count", at_least=1, where=shared.where)
    bought = ", ".join(conditions(asked, ""))
    found = [f"“{act_name(event)}”" for event in shared.events if event != "purchase"]
    if "purchase" in shared.events:
        found.insert(0, _("purchases %(which)s", which=bought) if bought else _("any purchases"))
    return ", ".join(found)


def _below(fault: str, least: int) -> str:
    if fault == "below_winners":
        return _("The budget does not cover all the winners: they need %(least)s.",
                 least=points(least))  # fmt: skip
    return _("The budget does not cover a single reward of %(least)s.", least=points(least))


def _field_of(field: str) -> str:
    return {"dates": "starts", "reward": "points", "steps": "s0_what"}.get(field, field)


def _plain_fault(field: str, fault: str) -> str:
    sentences = {
        ("dates", "missing"): _("Say when it starts and when it ends."),
        ("dates", "over"): _("Its end has already passed."),
        ("budget", "missing"): _("Say how many points it may cost altogether."),
        ("reward", "nothing"): _("It brings nothing: give points or a medal."),
        ("steps", "feeds_itself"): _("It counts what challenges bring: that would feed itself."),
        ("name_ru", "missing"): _("It has no Russian name."),
        ("name_en", "missing"): _("It has no English name."),
    }
    return sentences.get((field, fault), _("This cannot be taken yet."))


def refused_setting(field: str, fault: str, values: Mapping[str, Any]) -> str:
    """Why the programme did not take a number, a date or a text."""
    match field, fault:
        case "dates", "backwards":
            return _("The end comes after the start.")
        case "dates", "too_long":
            return _("A challenge lasts at most %(days)s days.", days=values.get("days", ""))
        case "dates", "shorter":
            return _("It can only be made longer, up to 400 days: people count on its end.")
        case "budget", "smaller":
            return _("It can only be raised: points are promised already.")
        case "terms", "fixed_after_launch":
            return _("Own dates, repetition, the number of winners and the control group stay as"
                     " they were launched.")  # fmt: skip
        case _, "missing":
            return _plain_fault(field, fault)
    return _("This cannot be accepted: the number or the text is outside its limits.")


def when_text(row: DeskRow, today: date) -> str:
    """«25 ноября – 1 декабря»."""
    if row.starts is None or row.ends is None:
        return _("No dates yet")
    last = (row.ends - timedelta(microseconds=1)).date()
    return f"{day(row.starts.date(), today)} – {day(last, today)}"


def saved_text(at: datetime, now: datetime) -> str:
    """«сохранено в 12:04»; the day too where it was another one."""
    if at.date() == now.date():
        return _("saved at %(time)s", time=clock(at))
    return _("saved on %(day)s at %(time)s", day=day(at.date(), now.date()), time=clock(at))


def spent_text(row: DeskRow) -> str:
    """«1 200 из 50 000 баллов»."""
    if row.budget is None:
        return points(row.spent)
    return _("%(spent)s of %(budget)s", spent=number(row.spent), budget=points(row.budget))


LOG_WORDS: Mapping[str, str] = {
    "drafted": _l("A draft was made"),
    "put_away": _l("The draft was put away"),
    "launched": _l("Launched"),
    "began": _l("Began"),
    "paused": _l("Paused"),
    "resumed": _l("Went on"),
    "stopped": _l("Stopped"),
    "ended": _l("Its time was over"),
    "closed": _l("Closed: the last rewards are decided"),
    "archived": _l("Went to the archive"),
    "cancelled": _l("Called off"),
    "budget": _l("The budget was raised"),
    "lengthened": _l("It was made longer"),
    "words": _l("Its texts were changed"),
    "terms": _l("New terms for those who join later"),
}


def log_text(line: LogLine) -> str:
    """What was done, with its reason or its numbers."""
    said = _(LOG_WORDS[line.what]) if line.what in LOG_WORDS else line.what
    old, arrow, new = line.reason.partition(" > ")
    if line.what == "budget" and arrow and new.isdigit():
        before = number(int(old)) if old.isdigit() else "0"
        return _("%(what)s: %(old)s → %(new)s", what=said, old=before, new=number(int(new)))
    if line.what in ("budget", "lengthened") or not line.reason:
        return said
    return f"{said}: {line.reason}"


def log_actor(actor: str, names: Mapping[str, str]) -> str:
    """Who did it."""
    return _("on schedule") if actor == "clock" else names.get(actor, "")


def amount_text(value: int, currency: str, *, is_money: bool) -> str:
    """A score as people count it."""
    return money(value, currency) if is_money else number(value)


def pair_of(word: str) -> tuple[str, str]:
    """A choice whose value is its own word."""
    return word, word


FILTERS: dict[str, Callable[..., Any]] = {
    "pair_of": pair_of,
    "challenge_state": state_name,
    "challenge_named": name_in,
    "challenge_when": when_text,
    "challenge_spent": spent_text,
    "saved_text": saved_text,
    "log_text": log_text,
}
