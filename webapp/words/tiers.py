"""The page of tiers as the words that stand on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from gamification.readmodels.tier_page import Keeping, Rung, StandingRow, TierPage
from webapp.art.wreath import lit_leaves
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext, reader
from webapp.words.formats import day, money, named, number, percent
from webapp.words.pieces import metal_at, tier_metal
from webapp.words.steps import tier_line, tier_next

PERK_GLYPHS = {"delivery": "bike", "early_access": "clock", "service": "heart"}
LOG_GLYPHS = {
    "joined": "leaf",
    "reached": "peak",
    "kept": "heart",
    "grace": "clock",
    "stepped_down": "again",
    "withdrawn": "receipt",
    "restored": "again",
    "staff": "people",
}


class PerkWords(NamedTuple):
    """What a tier gives besides points; `fresh`: the tier below does not."""

    glyph: Code
    text: str
    fresh: bool


class RungWords(NamedTuple):
    """A tier of the ladder."""

    place: Code
    metal: Code
    number: str
    name: str
    rate: str
    need: str
    state: str
    lit: int
    perks: tuple[PerkWords, ...]


def rung_words(rung: Rung, page: TierPage) -> RungWords:
    """What a tier of the ladder says."""
    perks = [
        PerkWords(Code(PERK_GLYPHS.get(str(perk.get("kind")), "star")), text, i in rung.fresh)
        for i, perk in enumerate(rung.perks)
        if (text := perk_text(perk, page.currency))
    ]
    need = money(rung.need_minor, page.currency)
    return RungWords(
        place=Code(rung.place),
        metal=Code(metal_at(rung.number, rung.of)),
        number=_("Tier %(number)s", number=rung.number),
        name=named(rung.name),
        rate=percent(rung.rate_bp),
        need=_("from %(money)s", money=need) if rung.need_minor else _("from the first day"),
        state=rung_state(rung, page.currency),
        lit=lit_leaves(100 * rung.number // rung.of),
        perks=tuple(perks),
    )


def rung_state(rung: Rung, currency: str) -> str:
    """Where a tier lies, seen from the member's own."""
    if rung.place == "here":
        return _("You are here")
    if rung.place == "passed":
        return _("Reached")
    return _("%(money)s more", money=money(rung.missing_minor, currency))


def perk_text(perk: Mapping[str, Any], currency: str) -> str:
    """A perk as a sentence; empty for one that says nothing."""
    kind, texts = perk.get("kind"), perk.get("texts") or {}
    if kind == "delivery":
        since = perk.get("free_from") or 0
        if since:
            return _("Free delivery from %(money)s", money=money(since, currency))
        return _("Free delivery of any order")
    if kind == "early_access":
        hours = int(perk.get("hours") or 0)
        return ngettext(
            "New arrivals %(n)s hour before everyone"
            " else", "New arrivals %(n)s hours before everyone"
                                                       " else",
            hours, n=number(hours),
        ) if hours else _("New arrivals before everyone else")  # fmt: skip
    return str(texts.get(reader().language) or next(iter(texts.values()), ""))


class WhereWords(NamedTuple):
    """Where a member stands: the tier on its metal, and the way up."""

    metal: Code
    line: str
    name: str
    rate: str
    lit: int
    ring: str
    share: str
    number: str
    way: str
    value: str
    most: str
    low: str
    high: str


def where_words(page: TierPage) -> WhereWords:
    """What the tier says of itself."""
    card, keeping = page.card, page.keeping
    ring, share, goal = _("The whole wreath: the highest tier"), "", 0
    if card.next is not None:
        name = named(card.next.name)
        ring = _("%(pct)s%% of the way to the tier “%(tier)s”", pct=card.filled_pct, tier=name)
        share = percent(card.filled_pct * 100)
        goal = keeping.spent_minor + card.next.missing_minor
    low = keeping.need_minor
    return WhereWords(
        metal=Code(tier_metal(card)),
        line=tier_line(card),
        name=named(card.name),
        rate=percent(card.rate_bp),
        lit=lit_leaves(card.filled_pct if card.next is not None else 100),
        ring=ring,
        share=share,
        number=str(card.number),
        way=way_up(page),
        value=str(max(keeping.spent_minor - low, 0)),
        most=str(max(goal - low, 1)) if goal else "",
        low=money(low, page.currency),
        high=money(goal, page.currency) if goal else "",
    )


def way_up(page: TierPage) -> str:
    """How far the next tier is; in grace too, when Home speaks of what is at stake."""
    return tier_next(replace(page.card, grace=None), page.currency)


class FactWords(NamedTuple):
    """One line of what keeps a tier."""

    label: str
    value: str
    note: str


class KeepWords(NamedTuple):
    """What keeps the tier and until when."""

    title: str
    text: str
    warn: bool
    facts: tuple[FactWords, ...]


def keep_words(page: TierPage) -> KeepWords:
    """What keeps the tier, in words that fit a window that rolls."""
    keeping = page.keeping
    window = days_text(keeping.window_days)
    spent = FactWords(
        _("Purchases of the last %(days)s", days=window),
        money(keeping.spent_minor, page.currency),
        _("returned goods are taken off"),
    )
    facts = [spent]
    if keeping.until is not None and keeping.falls:
        facts += [
            FactWords(
                _("“%(tier)s” is safe until", tier=named(page.card.name))
                if page.card.grace is None
                else _("Time to keep it until"),
                day(keeping.until, page.today),
                _("to the end of the day"),
            ),
            FactWords(
                _("Already counts towards keeping it"),
                money(keeping.counted_minor, page.currency),
                _("of %(money)s", money=money(keeping.need_minor, page.currency)),
            ),
        ]
    return KeepWords(
        title=_("How it is kept"),
        text=keep_text(page, keeping),
        warn=page.card.grace is not None,
        facts=tuple(facts),
    )


def keep_text(page: TierPage, keeping: Keeping) -> str:
    """One or two sentences: what is asked, when, and how far it is."""
    tier = named(page.card.name)
    if keeping.until is None:
        return _("The first tier is yours for good: it asks for nothing and has no end.")
    until, window = day(keeping.until, page.today), days_text(keeping.window_days)
    if not keeping.falls:
        return _("A tier that was reached stays: this programme takes none away.")
    values = {
        "tier": tier, "day": until, "days": window,
        "need": money(keeping.need_minor, page.currency),
        "missing": money(keeping.missing_minor, page.currency),
    }  # fmt: skip
    if page.card.grace is not None:
        return _(
            "The term is over, and your purchases of the last %(days)s were not enough."
            " %(missing)s more by %(day)s keeps “%(tier)s”; otherwise you move to “%(below)s”.",
            below=named(page.card.grace.falls_to), **values,
        )  # fmt: skip
    if not keeping.missing_minor:
        return _(
            "After %(day)s we add up the purchases of the %(days)s before it: “%(tier)s” needs"
            " %(need)s. What you bought already is enough for another term.", **values,
        )  # fmt: skip
    return _(
        "After %(day)s we add up the purchases of the %(days)s before it: “%(tier)s” needs"
        " %(need)s. Older purchases drop out by then, so %(missing)s more keeps it.", **values,
    )  # fmt: skip


def days_text(count: int) -> str:
    """«365 дней»."""
    return str(ngettext("%(n)s day", "%(n)s days", count, n=number(count)))


class LogWords(NamedTuple):
    """One decision of the history of standing."""

    glyph: Code
    metal: Code
    on: str
    instant: str
    title: str
    reason: str
    sum: str


def log_words(row: StandingRow, page: TierPage) -> LogWords:
    """What a decision says: what stood from then on, why, and on which sum."""
    total = ""
    if row.sum_minor is not None:
        total = _(
            "%(money)s in %(days)s",
            money=money(row.sum_minor, page.currency), days=days_text(row.window_days),
        )  # fmt: skip
    return LogWords(
        glyph=Code(LOG_GLYPHS[row.reason]),
        metal=Code(metal_at(row.number, page.card.of)),
        on=day(row.on, page.today),
        instant=row.on.isoformat(),
        title=log_title(row),
        reason=log_reason(row, page),
        sum=total,
    )


def log_title(row: StandingRow) -> str:
    """What happened to the tier, in a line."""
    tier = named(row.tier)
    titles: dict[str, Callable[[], str]] = {
        "joined": lambda: _("Joined the programme: “%(tier)s”", tier=tier),
        "reached": lambda: _("Reached “%(tier)s”", tier=tier),
        "kept": lambda: _("Kept “%(tier)s”", tier=tier),
        "grace": lambda: _("Time given to keep “%(tier)s”", tier=tier),
        "stepped_down": lambda: _("Stepped down to “%(tier)s”", tier=tier),
        "withdrawn": lambda: _("After a correction: “%(tier)s”", tier=tier),
        "restored": lambda: _("“%(tier)s” is back", tier=tier),
        "staff": lambda: _("Set by the shop: “%(tier)s”", tier=tier),
    }
    return titles[row.reason]()


def log_reason(row: StandingRow, page: TierPage) -> str:
    """Why it was decided so."""
    need = money(row.need_minor, page.currency)
    until = day(row.until, page.today) if row.until else ""
    reasons: dict[str, Callable[[], str]] = {
        "joined": lambda: _("Everybody begins here."),
        "reached": lambda: _("Purchases came to %(need)s, at once and without waiting.", need=need),
        "kept": lambda: _("Purchases were enough: %(need)s are needed.", need=need),
        "grace": lambda: _("Purchases fell short of %(need)s; there was time until %(day)s.",
                           need=need, day=until),
        "stepped_down": lambda: _("Purchases stayed short of %(need)s.", need=need),
        "withdrawn": lambda: _("A return or a correction made the purchases smaller."),
        "restored": lambda: _("A purchase that came in late counts on its own day."),
        "staff": lambda: _("Decided by shop staff."),
    }  # fmt: skip
    text = reasons[row.reason]()
    if until and row.reason in ("reached", "kept", "stepped_down", "restored"):
        text += " " + _("The term runs to %(day)s.", day=until)
    return text


FILTERS: dict[str, Callable[..., Any]] = {
    "rung_words": rung_words,
    "where_words": where_words,
    "keep_words": keep_words,
    "log_words": log_words,
}
