"""The greeting, the line of news and the one next step."""

from collections.abc import Callable
from datetime import date
from typing import Any

from gamification.readmodels.challenge_views import ChallengeView
from gamification.readmodels.views import HistoryFilter, MedalTile, NewsLine, NextStep, TierCard
from gamification.readmodels.welcome import Welcome
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenge_pages import missing_sentence
from webapp.words.challenges import reward_sentence
from webapp.words.formats import day, day_year, money, named, number, percent, points
from webapp.words.medals import medal_done, medal_name, medal_rule, medal_title


def greeting(hour: int, name: str | None) -> str:
    """A greeting for the hour, with the name when it is known."""
    hello = _("Good night")
    for start, word in ((5, _("Good morning")), (12, _("Good afternoon")), (18, _("Good evening"))):
        if hour >= start:
            hello = word
    return _("%(hello)s, %(name)s", hello=hello, name=name) if name else str(hello)


def news_text(news: NewsLine, today: date) -> str:
    """One line under the greeting; empty when nothing is new."""
    medal = medal_title(news.medal.code, news.medal.level) if news.medal else ""
    count, when = points(news.points or 0), day(news.on) if news.on else ""
    sentences: dict[str, Callable[[], str]] = {
        "welcome": lambda: _("The programme starts with the first purchase."),
        "arrived": lambda: _("%(points)s arrived since your last visit.", points=count),
        "arriving": lambda: _("%(points)s arrive on %(day)s.", points=count, day=when),
        "expiring": lambda: (
            _("%(points)s expire today.", points=count)
            if news.on == today
            else _("%(points)s expire on %(day)s.", points=count, day=when)
        ),
        "medal": lambda: _("New medal: “%(medal)s”.", medal=medal),
        "near_medal": lambda: _("“%(medal)s” is almost yours.", medal=medal),
        "quiet": lambda: "",
    }
    return str(sentences[news.code]())


def days_left(count: int) -> str:
    """«8 дней», «сегодня»."""
    if not count:
        return str(_("today"))
    return str(ngettext("%(n)s day", "%(n)s days", count, n=number(count)))


def tier_line(tier: TierCard) -> str:
    """«Ветвь, уровень 3»: a name always travels with its number."""
    return _("%(name)s, tier %(number)s", name=named(tier.name), number=tier.number)


def tier_next(tier: TierCard, currency: str) -> str:
    """The way up, or what keeps the tier, in one sentence."""
    if tier.grace is not None:
        return _(
            "%(missing)s more by %(day)s keeps “%(tier)s”; otherwise you move to “%(below)s”.",
            missing=money(tier.grace.missing_minor, currency),
            day=day(tier.grace.until, tier.today),
            tier=named(tier.name), below=named(tier.grace.falls_to),
        )  # fmt: skip
    if tier.next is None:
        return _("The highest tier. Thank you for staying with us.")
    values = {
        "missing": money(tier.next.missing_minor, currency),
        "rate": percent(tier.next.rate_bp),
        "tier": named(tier.next.name),
    }
    if tier.next.by is None:
        return _("%(missing)s more in purchases, and “%(tier)s” gives %(rate)s in points.",
                 **values)  # fmt: skip
    return _(
        "%(missing)s more in purchases by %(day)s, and “%(tier)s” gives %(rate)s in points.",
        day=day(tier.next.by, tier.today), **values,
    )  # fmt: skip


def tier_kept(tier: TierCard) -> str:
    """Until when the tier is safe."""
    return _("Yours until %(day)s", day=day_year(tier.valid_until)) if tier.valid_until else ""


def step_title(step: NextStep) -> str:
    """The next step in one line."""
    titles: dict[str, Callable[[], str]] = {
        "first_purchase": lambda: _("Your first purchase brings three things"),
        "second_purchase": lambda: _("One more visit, and the next medal is yours"),
        "expiring": lambda: burning_title(step),
        "challenge": lambda: challenge_step_title(step.challenge),
        "medal": lambda: medal_step_title(step.medal),
        "tier": lambda: _("“%(tier)s” is close", tier=named(step.tier) if step.tier else ""),
        "pending": lambda: _("%(points)s are on the way", points=points(step.points or 0)),
    }  # fmt: skip
    return str(titles[step.code]())


def burning_title(step: NextStep) -> str:
    """How soon points burn: today, or in so many days."""
    if not step.days_left:
        return _("%(points)s expire today", points=points(step.points or 0))
    return _(
        "%(points)s expire in %(left)s",
        points=points(step.points or 0),
        left=days_left(step.days_left),
    )


def challenge_step_title(view: ChallengeView | None) -> str:
    """Which challenge is nearly done."""
    assert view is not None, "a challenge's step names its challenge"
    return _("“%(challenge)s” is almost done", challenge=named(view.name))


def challenge_step_text(view: ChallengeView | None, currency: str) -> str:
    """What is missing, and what it brings."""
    assert view is not None, "a challenge's step names its challenge"
    missing, reward = missing_sentence(view, currency), reward_sentence(view.terms)
    return _("%(missing)s It brings %(reward)s.", missing=missing, reward=reward)


def medal_step_title(tile: MedalTile | None) -> str:
    """How little is missing to a medal."""
    assert tile is not None, "a medal step names its medal"
    missing = tile.target - tile.done
    return ngettext(
        "%(n)s step to the medal “%(medal)s”", "%(n)s steps to the medal “%(medal)s”", missing,
        n=number(missing), medal=medal_name(tile),
    )  # fmt: skip


def step_text(step: NextStep, currency: str) -> str:
    """Why the step is worth it."""
    texts: dict[str, Callable[[], str]] = {
        "first_purchase": lambda: _("Points, a medal and a step to the next tier."),
        "second_purchase": lambda: medal_line(step.medal),
        "expiring": lambda: _("Spend them at the till by %(day)s: just show the card.",
                              day=day(step.on) if step.on else ""),
        "challenge": lambda: challenge_step_text(step.challenge, currency),
        "medal": lambda: medal_line(step.medal),
        "tier": lambda: _("%(missing)s more in purchases, then %(rate)s in points.",
                          missing=money(step.missing_minor or 0, currency),
                          rate=percent(step.rate_bp or 0)),
        "pending": lambda: _("They arrive on %(day)s, when the time for returns is over.",
                             day=day(step.on) if step.on else ""),
    }  # fmt: skip
    return str(texts[step.code]())


def medal_line(tile: MedalTile | None) -> str:
    """The rule of a medal and how far it is."""
    if tile is None:
        return ""
    if not tile.done:
        return medal_rule(tile)
    return f"{medal_rule(tile)} " + _("Now %(done)s.", done=medal_done(tile))


def steps_done(welcome: Welcome) -> str:
    """«5 шагов, 2 уже сделаны»: a new member has begun already."""
    steps = ngettext("%(n)s step", "%(n)s steps", welcome.steps, n=number(welcome.steps))
    done = ngettext("%(n)s is done already", "%(n)s are done already", welcome.done,
                    n=number(welcome.done))  # fmt: skip
    return f"{steps}, {done}"


def filter_name(chosen: HistoryFilter) -> str:
    """A filter of the history, as a link."""
    names = {
        "all": _("All"),
        "earned": _("Earned"),
        "spent": _("Spent"),
        "pending": _("On the way"),
        "expiring": _("Will expire"),
        "returned": _("Returned"),
    }
    return str(names[chosen])


def filter_empty(chosen: HistoryFilter) -> str:
    """What an empty choice says."""
    sentences = {
        "all": _("Nothing here yet"),
        "earned": _("No points earned yet"),
        "spent": _("You have not spent points yet"),
        "pending": _("Nothing is on the way: everything has arrived"),
        "expiring": _("Nothing will expire soon"),
        "returned": _("No returns"),
    }
    return str(sentences[chosen])


FILTERS: dict[str, Callable[..., Any]] = {
    "greeting": greeting,
    "news_text": news_text,
    "days_left": days_left,
    "filter_name": filter_name,
    "filter_empty": filter_empty,
    "tier_line": tier_line,
    "tier_next": tier_next,
    "tier_kept": tier_kept,
    "step_title": step_title,
    "step_text": step_text,
    "steps_done": steps_done,
}
