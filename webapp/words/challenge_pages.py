"""A challenge of one member as the words of its card and its page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from gamification.readmodels.challenges import ChallengeTerms, ChallengeView, CountedAct
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.acts import act_glyph, act_name
from webapp.words.challenge_leaving import leave_label, left_sentence
from webapp.words.challenges import (
    amount_of,
    goal_sentence,
    is_money,
    ladder_lines,
    reward_sentence,
    step_phrase,
)
from webapp.words.formats import clock, day, money, named, number, points, signed_points

SCENES = ("coral", "sky", "sun", "mint", "iris")
GLYPHS = (
    "bag", "basket", "bike", "bolt", "book", "cake", "camera", "coins", "compass", "croissant",
    "crown", "cup", "flame", "gift", "globe", "heart", "leaf", "moon", "note", "paw", "peak",
    "people", "percent", "pin", "receipt", "rocket", "snow", "spark", "star", "sun", "trophy",
    "umbrella",
)  # fmt: skip
"""The pictures that a challenge may have: solid glyphs of `icons.svg`."""
MOST_STAMPS = 10
DAYS_ALONE = 3
"""From so many days on a countdown leaves the hours out."""


class StepLine(NamedTuple):
    """One of several steps: what, and how far."""

    text: str
    done: str
    is_done: bool


class RungLine(NamedTuple):
    """A rung of the ladder."""

    at: str
    brings: str
    reached: bool


class CardWords(NamedTuple):
    """What a card says. `stamps` are marks that are set or not; without them there is a bar."""

    key: str
    href: str
    scene: Code
    glyph: Code
    title: str
    about: str
    goal: str
    state: Code
    clock: str
    ends: str  # the instant by which the server counts, for the script
    stamps: tuple[bool, ...]
    percent: int
    done: str
    label: str
    reward: str
    says: str
    missing: str
    warns: str


def card_words(view: ChallengeView, now: datetime, currency: str, href: str = "") -> CardWords:
    """The words of a challenge's card; `href` is the address of all challenges."""
    terms = view.terms
    goal = goal_sentence(terms, currency)
    about = named(view.about) if view.about.names else ""
    score = min(max(view.score, 0), terms.goal)
    done = _("%(done)s of %(goal)s", done=amount_of(terms, score, currency),
             goal=amount_of(terms, terms.goal, currency))  # fmt: skip
    return CardWords(
        key=f"{view.code}-{view.period}" if view.period else view.code,
        href=f"{href}/{view.code}{'?of=' + view.period if view.period else ''}",
        scene=scene_of(view),
        glyph=glyph_of(terms),
        title=named(view.name),
        about=about or goal,
        goal=goal if about else "",
        state=Code(view.state),
        clock=clock_text(view, now),
        ends=view.ends.isoformat() if view.state in ("going", "open", "left") else "",
        stamps=stamps_of(terms, view.score),
        percent=min(99 if view.score < terms.goal else 100, 100 * score // terms.goal),
        done=done,
        label=_("Done: %(done)s", done=done),
        reward=_("+%(reward)s", reward=reward_sentence(terms)),
        says=state_sentence(view, now.date()),
        missing=missing_sentence(view, currency),
        warns=warning_of(view),
    )


def scene_of(view: ChallengeView) -> Code:
    """The colour of the block: chosen, or always the same one for a challenge."""
    chosen = view.terms.art.get("scene", "")
    return Code(chosen if chosen in SCENES else SCENES[view.id % len(SCENES)])


def glyph_of(terms: ChallengeTerms) -> Code:
    """The picture on it."""
    chosen = terms.art.get("glyph", "")
    return Code(chosen if chosen in GLYPHS else "star")


def stamps_of(terms: ChallengeTerms, score: int) -> tuple[bool, ...]:
    """Stamps where they are wanted, or where there are few enough of them."""
    shown = not is_money(terms) and (terms.stamps or terms.goal <= MOST_STAMPS)
    return tuple(n < score for n in range(terms.goal)) if shown and terms.goal <= 30 else ()


def clock_text(view: ChallengeView, now: datetime) -> str:
    """What stands beside the clock: how long it still runs, or when it begins."""
    if view.state == "coming":
        return _("from %(when)s", when=moment(view.starts, now.date()))
    if view.state in ("going", "open", "left"):
        return countdown(view.ends - now)
    if view.completed_at is not None:
        return day(view.completed_at.date(), now.date())
    return day((view.ends - timedelta(microseconds=1)).date(), now.date())


def countdown(left: timedelta) -> str:
    """How long: days and hours, minutes only in the last hour."""
    minutes = max(0, int(left.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days >= DAYS_ALONE or (days and not hours):
        return ngettext("%(n)s day", "%(n)s days", days, n=number(days))
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours, n=hours)
    return _("%(n)s min", n=minutes) if minutes else _("less than a minute")


def moment(at: datetime, today: date) -> str:
    """A day, with the time where it is not midnight."""
    on = day(at.date(), today)
    return on if (at.hour, at.minute) == (0, 0) else f"{on}, {clock(at)}"


def until(at: datetime, today: date) -> str:
    """The last day, or the last moment of it where a day ends early."""
    if (at.hour, at.minute) == (0, 0):
        return day((at - timedelta(minutes=1)).date(), today)
    return f"{day(at.date(), today)}, {clock(at)}"


def state_sentence(view: ChallengeView, today: date) -> str:
    """How it stands, where the numbers alone do not say it."""
    match view.state:
        case "going" | "coming" | "open":
            return ""
        case "left":
            return left_sentence(view.terms)
        case "counting":
            upto = moment(view.ends + timedelta(hours=view.terms.grace_hours), today)
            return _("Its time is over. Receipts that come late still count until %(when)s.",
                     when=upto)  # fmt: skip
        case "done":
            return done_sentence(view, today)
        case "won":
            return won_sentence(view, today)
        case "cancelled":
            said = _("The shop called it off.")
            thanks = _("%(points)s for what you had done so far.", points=points(view.points))
            return f"{said} {thanks}" if view.points else said
        case _:
            return ""


def done_sentence(view: ChallengeView, today: date) -> str:
    """The goal is reached, and nothing is paid yet."""
    if view.prize == "place":
        most = view.terms.max_winners or 0
        return ngettext(
            "Done. Your place is %(place)s, the prize went to the first one.",
            "Done. Your place is %(place)s, prizes went to the first %(n)s.", most,
            place=number(view.place or 0), n=number(most),
        )  # fmt: skip
    if view.terms.max_winners:
        upto = moment(view.ends + timedelta(hours=view.terms.grace_hours), today)
        return _("Done. Places are final on %(when)s.", when=upto)
    return _("Done. The reward comes in a moment.")


def won_sentence(view: ChallengeView, today: date) -> str:
    """It is paid, or it brought nothing and why."""
    on = day(view.completed_at.date(), today) if view.completed_at else ""
    if view.prize == "budget" and not view.points:
        return _("Done on %(day)s. The prizes had already run out.", day=on)
    if view.prize == "cap" and not view.points:
        return _("Done on %(day)s. You already had everything one person can get here.", day=on)
    if view.points:
        return _("Done on %(day)s: %(points)s.", day=on, points=signed_points(view.points))
    return _("Done on %(day)s.", day=on)


def warning_of(view: ChallengeView) -> str:
    """What has to be known before anything else."""
    if view.state in ("coming", "won", "missed", "cancelled"):
        return ""
    if view.is_paused:
        return _("The shop paused it: what you do counts, rewards come later.")
    if view.prizes_gone and view.state != "done":
        if view.terms.medal:
            return _("The points of this challenge are used up, the medal is not.")
        return _("The prizes of this challenge are used up.")
    if view.prize == "returned" and view.state == "going":
        return _("Goods were returned, and the reward went with them. You can earn it again.")
    return ""


def missing_sentence(view: ChallengeView, currency: str) -> str:
    """How much is still missing, or was at the end."""
    terms, short = view.terms, view.missing
    if not short or view.state not in ("going", "counting", "missed"):
        return ""
    was = view.state != "going"
    if was and view.score <= terms.endowed:
        return _("Nothing counted for it.")
    if is_money(terms):
        left = money(short, currency)
        if view.score < 0 and not was:
            return _("More was returned than bought: %(sum)s to go.", sum=left)
        return _("%(sum)s short.", sum=left) if was else _("%(sum)s to go.", sum=left)
    kind = unit_of(terms)
    words = SHORT[kind] if was else TO_GO[kind]
    return words(short, number(short))


def unit_of(terms: ChallengeTerms) -> str:
    """What a score is made of."""
    step = terms.steps[0]
    if len(terms.steps) > 1:
        return "step"
    if step.kind == "count":
        return "purchase" if step.events == ("purchase",) else "time"
    return str(step.of) if step.of in TO_GO else "time"


Counting = Callable[[int, str], str]
TO_GO: dict[str, Counting] = {
    "purchase": lambda n, x: ngettext("%(n)s purchase to go.", "%(n)s purchases to go.", n, n=x),
    "time": lambda n, x: ngettext("%(n)s time to go.", "%(n)s times to go.", n, n=x),
    "step": lambda n, x: ngettext("%(n)s step to go.", "%(n)s steps to go.", n, n=x),
    "day": lambda n, x: ngettext("%(n)s day to go.", "%(n)s days to go.", n, n=x),
    "week": lambda n, x: ngettext("%(n)s week to go.", "%(n)s weeks to go.", n, n=x),
    "month": lambda n, x: ngettext("%(n)s month to go.", "%(n)s months to go.", n, n=x),
    "category": lambda n, x: ngettext("%(n)s category to go.", "%(n)s categories to go.", n, n=x),
    "store": lambda n, x: ngettext("%(n)s store to go.", "%(n)s stores to go.", n, n=x),
    "sku": lambda n, x: ngettext("%(n)s item to go.", "%(n)s items to go.", n, n=x),
}
SHORT: dict[str, Counting] = {
    "purchase": lambda n, x: ngettext("%(n)s purchase short.", "%(n)s purchases short.", n, n=x),
    "time": lambda n, x: ngettext("%(n)s time short.", "%(n)s times short.", n, n=x),
    "step": lambda n, x: ngettext("%(n)s step short.", "%(n)s steps short.", n, n=x),
    "day": lambda n, x: ngettext("%(n)s day short.", "%(n)s days short.", n, n=x),
    "week": lambda n, x: ngettext("%(n)s week short.", "%(n)s weeks short.", n, n=x),
    "month": lambda n, x: ngettext("%(n)s month short.", "%(n)s months short.", n, n=x),
    "category": lambda n, x: ngettext("%(n)s category short.", "%(n)s categories short.", n, n=x),
    "store": lambda n, x: ngettext("%(n)s store short.", "%(n)s stores short.", n, n=x),
    "sku": lambda n, x: ngettext("%(n)s item short.", "%(n)s items short.", n, n=x),
}


def steps_of(view: ChallengeView, currency: str) -> tuple[StepLine, ...]:
    """The steps, where there are several."""
    if len(view.terms.steps) < 2:
        return ()
    found = []
    for step, value in zip(view.terms.steps, view.steps, strict=False):
        is_done, most = value >= step.at_least, step.at_least
        is_sum = step.kind in ("sum", "best")
        shown = [
            money(n, currency) if is_sum else number(n) for n in (min(max(value, 0), most), most)
        ]
        done = _("%(done)s of %(goal)s", done=shown[0], goal=shown[1])
        found.append(StepLine(step_phrase(step, currency), done, is_done))
    return tuple(found)


def rungs_of(view: ChallengeView, currency: str) -> tuple[RungLine, ...]:
    """The ladder, where it has several rungs."""
    lines = ladder_lines(view.terms, currency)
    if len(lines) < 2:
        return ()
    return tuple(RungLine(at, brings, n < view.rung) for n, (at, brings) in enumerate(lines))


def rules_of(view: ChallengeView, now: datetime) -> tuple[str, ...]:
    """The rules that stand folded, a sentence each."""
    terms, today = view.terms, now.date()
    found = [
        _("It runs from %(start)s until %(end)s inclusive.", start=moment(view.starts, today),
          end=until(view.ends, today)),
        _("What you bring back does not count."),
    ]  # fmt: skip
    if terms.grace_hours:
        found.append(
            ngettext(
                "A receipt from that time still counts if it reaches us within %(n)s hour after"
                " the end.",
                "A receipt from that time still counts if it reaches us within %(n)s hours after"
                " the end.",
                terms.grace_hours, n=number(terms.grace_hours),
            )
        )  # fmt: skip
    if terms.points and terms.hold_days:
        found.append(
            ngettext(
                "Points can be spent %(n)s day after the goal is reached.",
                "Points can be spent %(n)s days after the goal is reached.", terms.hold_days,
                n=number(terms.hold_days),
            )
        )  # fmt: skip
    if terms.max_winners:
        found.append(
            ngettext(
                "The prize goes to the first member to finish.",
                "Prizes go to the first %(n)s members to finish.", terms.max_winners,
                n=number(terms.max_winners),
            )
        )  # fmt: skip
    if terms.most_points:
        most = points(terms.most_points)
        found.append(_("One member gets at most %(points)s.", points=most))
    if terms.points:
        found.append(_("The prize fund is limited: whoever finishes first is paid first."))
    return tuple(found)


class CountedLine(NamedTuple):
    """What counted, as a row that leads to the history."""

    key: str
    glyph: Code
    title: str
    when: str
    instant: str


def counted_line(act: CountedAct, currency: str, today: date) -> CountedLine:
    """One receipt or other act that counted."""
    if act.amount_minor is not None and act.amount_minor < 0:
        title = _("Return of %(amount)s", amount=money(-act.amount_minor, currency))
    elif act.amount_minor is not None:
        title = _("Purchase of %(amount)s", amount=money(act.amount_minor, currency))
    else:
        title = act_name(act.type)
    on = act.at.date()
    day_on = _("Today") if on == today else day(on, today)
    parts = [f"{day_on}, {clock(act.at)}"]
    parts += [act.place] if act.place else []
    parts += [", ".join(act.brought[:3])] if act.brought else []
    glyph = "bag" if act.amount_minor is not None else act_glyph(act.type)
    return CountedLine(act.key, Code(glyph), title, " · ".join(parts), act.at.isoformat())


SAID = {
    "joined": _l("You are in. What counts will appear here."),
    "left": _l("You are out. You may come back while it runs."),
    "reminds": _l("We will remind you in the inbox."),
    "silent": _l("We will not remind you of it."),
}


def said_text(code: str) -> str:
    """What an act did, as a toast."""
    return _(SAID[code]) if code in SAID else ""


FILTERS: dict[str, Callable[..., Any]] = {
    "card_of_challenge": card_words,
    "steps_of_challenge": steps_of,
    "rungs_of_challenge": rungs_of,
    "rules_of_challenge": rules_of,
    "counted_of_challenge": counted_line,
    "moment_of": moment,
    "leave_label": leave_label,
}
