"""What looks odd about an invitation: each rule is one entry, and judges plain facts. Pure.

Source: domain, 13; trust, threats 6 to 9; decisions, 12.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

FLAG_DAYS = 30
"""A flag that nobody answered for so long stops nothing any more."""
FLAGS_THAT_HOLD = 2
UNDO_DAYS = 14
"""So long a person's decision can be taken back."""
ACTIONS = ("off", "flag", "hold", "block")
PROOFS = ("phone", "email", "card", "payment")
"""Traces that are one person's own; a browser and a network are a household's."""
NAMES = ("phone", "email", "card")
DISPOSABLE = frozenset(
    (
        "10minutemail.com", "1secmail.com", "byom.de", "crazymailing.com", "discard.email",
        "dispostable.com", "dropmail.me", "emailondeck.com", "fakeinbox.com", "getnada.com",
        "grr.la", "guerrillamail.com", "guerrillamail.info", "inboxkitten.com", "maildrop.cc",
        "mailinator.com", "mailnesia.com", "mintemail.com", "moakt.com", "mohmal.com",
        "sharklasers.com", "spam4.me", "temp-mail.org", "tempail.com", "tempmail.plus",
        "tempr.email", "throwawaymail.com", "trashmail.com", "yopmail.com",
    )
)  # fmt: skip

Evidence = dict[str, Any]
Settings = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shared:
    """A trace that friend and referrer have in common, and how far apart it was seen."""

    kind: str
    apart: timedelta


@dataclass(frozen=True, slots=True)
class Ring:
    """Invitations that lead back to where they began; `closing` is the one that came last."""

    steps: int
    kind: str
    closing: bool


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a referrer's friend after the purchase that counted, `days` ago.

    `kept` is in minor units; `again`: there was another purchase that was kept.
    """

    kept: int
    days: int
    again: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when an invitation is judged; what was not asked for is empty.

    `binds` are the local days (ordinals) on which the referrer's friends came, around
    `bound_day`. `baskets` are what is kept of the referrer's friends' qualifying purchases,
    `basket` of this one's and `excluded` the part of it that earns nothing. `firsts` are those
    friends' first purchases: whether each went back. `works_here`: the referrer is one of the
    shop's people, `rang_up`: and stood at the till. `paid_search`: an advertisement led here.
    """

    shared: tuple[Shared, ...] = ()
    known_by: tuple[str, ...] = ()
    known_bought: bool = False
    ring: Ring | None = None
    mail_domain: str = ""
    bound_day: int = 0
    binds: tuple[int, ...] = ()
    minimum: int = 0
    basket: int | None = None
    baskets: tuple[int, ...] = ()
    till_apart: timedelta | None = None
    store: str = ""
    operator: str = ""
    operator_day: str = ""
    operator_firsts: int = 0
    firsts: tuple[bool, ...] = ()
    excluded: int = 0
    works_here: bool = False
    rang_up: bool = False
    paid_search: bool = False
    came: tuple[Came, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A setting of a rule: as shipped, and between which numbers it makes sense."""

    shipped: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as shipped; `strongest` is the most it may ever do."""

    code: str
    action: str
    judge: Callable[[Facts, Settings], Evidence | None]
    settings: Mapping[str, Bound] = field(default_factory=dict)
    strongest: str = "block"

    @property
    def actions(self) -> tuple[str, ...]:
        """What an owner may choose."""
        return ACTIONS[: ACTIONS.index(self.strongest) + 1]


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired on an invitation, and what became of it."""

    rule: str
    action: str
    state: str
    at: datetime


def same_person(facts: Facts, _settings: Settings) -> Evidence | None:
    kinds = sorted({one.kind for one in facts.shared if one.kind in PROOFS})
    return {"kinds": kinds} if kinds else None


def not_new(facts: Facts, _settings: Settings) -> Evidence | None:
    if not facts.known_by:
        return None
    return {"kinds": sorted(set(facts.known_by)), "bought": facts.known_bought}


def ring(facts: Facts, settings: Settings) -> Evidence | None:
    found = facts.ring
    if found is None or found.steps > settings["steps"]:
        return None
    return {"steps": found.steps, "kind": found.kind, "closing": found.closing}


def disposable_email(facts: Facts, _settings: Settings) -> Evidence | None:
    name = facts.mail_domain
    while name:
        if name in DISPOSABLE:
            return {"domain": name}
        name = name.partition(".")[2]
    return None


def same_device(facts: Facts, _settings: Settings) -> Evidence | None:
    apart = [one.apart for one in facts.shared if one.kind == "device"]
    return {"days": min(apart).days} if apart else None


def same_network(facts: Facts, settings: Settings) -> Evidence | None:
    """A household or an office: worth a flag beside another one, never more by itself."""
    apart = min((one.apart for one in facts.shared if one.kind == "network"), default=None)
    if apart is None or apart > timedelta(hours=settings["hours"]):
        return None
    return {"hours": int(apart / timedelta(hours=1))}


def burst(facts: Facts, settings: Settings) -> Evidence | None:
    """More friends on this one's day, or in any seven days around it, than people have."""
    day = facts.bound_day
    on_day = facts.binds.count(day)
    weeks = [sum(1 for one in facts.binds if d <= one < d + 7) for d in range(day - 6, day + 1)]
    in_week = max(weeks)
    if on_day <= settings["day"] and in_week <= settings["week"]:
        return None
    return {"day": on_day, "week": in_week}


def near_minimum(facts: Facts, settings: Settings) -> Evidence | None:
    def is_near(kept: int) -> bool:
        return (kept - facts.minimum) * 100 <= facts.minimum * settings["percent"]

    if facts.basket is None or not is_near(facts.basket):
        return None
    times = sum(1 for kept in facts.baskets if is_near(kept))
    return {"times": times} if times >= settings["times"] else None


def same_till(facts: Facts, settings: Settings) -> Evidence | None:
    apart = facts.till_apart
    if apart is None or apart > timedelta(minutes=settings["minutes"]):
        return None
    return {"store": facts.store, "minutes": int(apart / timedelta(minutes=1))}


def cashier_pattern(facts: Facts, settings: Settings) -> Evidence | None:
    if facts.operator_firsts <= settings["most"]:
        return None
    return {
        "operator": facts.operator,
        "day": facts.operator_day,
        "times": facts.operator_firsts,
    }


def return_rate(facts: Facts, settings: Settings) -> Evidence | None:
    back, of = sum(facts.firsts), len(facts.firsts)
    if of < settings["friends"] or back * 100 <= of * settings["percent"]:
        return None
    return {"returned": back, "of": of}


def excluded_goods(facts: Facts, settings: Settings) -> Evidence | None:
    if facts.basket is None or not is_mostly(facts.excluded, facts.basket, settings["percent"]):
        return None
    return {"percent": facts.excluded * 100 // facts.basket}


def is_mostly(part: int, whole: int, percent: int) -> bool:
    """Whether a part is more than so many per cent of the whole."""
    return whole > 0 and part * 100 > whole * percent


def staff_referrer(facts: Facts, _settings: Settings) -> Evidence | None:
    if not facts.works_here:
        return None
    return {"rang_up": facts.rang_up, "operator": facts.operator if facts.rang_up else ""}


def paid_search(facts: Facts, _settings: Settings) -> Evidence | None:
    return {} if facts.paid_search else None


def idle_friends(facts: Facts, settings: Settings) -> Evidence | None:
    """Of those who had time to come again: who bought once, for hardly more than had to be."""
    most = facts.minimum * (100 + settings["above"])
    seen = [one for one in facts.came if one.days >= settings["days"]]
    idle = sum(1 for one in seen if not one.again and one.kept * 100 <= most)
    if len(seen) < settings["friends"] or not is_mostly(idle, len(seen), settings["percent"]):
        return None
    return {"idle": idle, "of": len(seen)}


RULES: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("same_person", "block", same_person),
        Rule("not_new", "block", not_new),
        Rule("ring", "block", ring, {"steps": Bound(4, 2, 4)}),
        Rule("excluded_goods", "block", excluded_goods, {"percent": Bound(50, 0, 99)}),
        Rule("staff_referrer", "hold", staff_referrer),
        Rule("cashier_pattern", "hold", cashier_pattern, {"most": Bound(5, 1, 100)}),
        Rule(
            "return_rate", "hold", return_rate,
            {"percent": Bound(30, 5, 90), "friends": Bound(5, 3, 100)},
        ),
        Rule("burst", "hold", burst, {"day": Bound(5, 1, 100), "week": Bound(20, 1, 1_000)}),
        Rule("same_device", "hold", same_device),
        Rule("same_till", "hold", same_till, {"minutes": Bound(10, 1, 120)}),
        Rule("disposable_email", "hold", disposable_email),
        Rule("paid_search", "hold", paid_search),
        Rule(
            "near_minimum", "flag", near_minimum,
            {"percent": Bound(5, 1, 50), "times": Bound(3, 2, 50)},
        ),
        Rule(
            "idle_friends", "flag", idle_friends,
            {"percent": Bound(80, 10, 99), "friends": Bound(5, 3, 100),
             "days": Bound(30, 7, 180), "above": Bound(10, 1, 100)},
        ),
        Rule(
            "same_network", "flag", same_network, {"hours": Bound(24, 1, 72)}, strongest="flag"
        ),
    )
}  # fmt: skip
"""In the order in which a case with several of them is told."""

PASSES_OVER = "excluded_goods"
"""Its block passes a purchase over and ends nothing: the friend may still buy another one."""
PLAIN_REASONS = {"same_person": "same_person", "ring": "same_person", "not_new": "not_new"}
"""What a referrer is told, by rule; any other is `rejected`."""


def action_for(evidence: Evidence, action: str) -> str:
    """What a rule does with what it found.

    Of a ring only the invitation that closes it is blocked by itself: whoever stands in
    between may not know that the last one is the first one again. A payment alone blocks
    nobody either: a household may share a card.
    """
    shared = evidence.get("kinds") == ["payment"]
    return "hold" if action == "block" and (shared or evidence.get("closing") is False) else action


def verdict_of(signals: Iterable[Signal], now: datetime) -> str:
    """`block`, `hold` or `pay`: two open flags weigh as much as one hold."""
    live = [
        one for one in signals
        if one.state != "dismissed" and (one.rule, one.action) != (PASSES_OVER, "block")
    ]  # fmt: skip
    actions = [one.action for one in live]
    if "block" in actions:
        return "block"
    since = now - timedelta(days=FLAG_DAYS)
    flags = sum(1 for one in live if one.action == "flag" and one.at > since)
    return "hold" if "hold" in actions or flags >= FLAGS_THAT_HOLD else "pay"


def plain_reason(signals: Iterable[Signal]) -> str:
    """Why an invitation was blocked, from the fixed list that a referrer may see."""
    blocking = {
        one.rule for one in signals
        if one.action == "block" and one.state != "dismissed" and one.rule != PASSES_OVER
    }  # fmt: skip
    first = next((code for code in RULES if code in blocking), "")
    return PLAIN_REASONS.get(first, "rejected")
