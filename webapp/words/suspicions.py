"""Words for what looks odd about an invitation: the rules, what they saw, what they may do."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from gamification.commands.suspicions import RuleState
from gamification.readmodels.referral_report import Suspected
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.console import days
from webapp.words.formats import day_year, number, percent

Evidence = Mapping[str, Any]

RULES = {
    "same_person": _l("The same person on both sides"),
    "not_new": _l("Not a new customer"),
    "ring": _l("Invitations in a ring"),
    "excluded_goods": _l("Goods that earn no points"),
    "staff_referrer": _l("Invited by one of the staff"),
    "cashier_pattern": _l("Many friends at one cashier"),
    "return_rate": _l("Friends’ purchases go back"),
    "burst": _l("Many friends at once"),
    "same_device": _l("The same browser on both sides"),
    "same_till": _l("Bought together at one till"),
    "disposable_email": _l("Disposable e-mail"),
    "paid_search": _l("From an advertisement in a search"),
    "near_minimum": _l("Purchases just at the minimum"),
    "idle_friends": _l("Friends who never come again"),
    "same_network": _l("The same network on both sides"),
}
NOTES = {
    "same_person": _l(
        "The friend’s phone, e-mail, card or payment is the same as the inviter’s. A payment"
        " alone never does more than hold: a family may pay with one card."
    ),
    "not_new": _l(
        "The friend’s phone, e-mail or card was known before they joined, or they had bought"
        " before."
    ),
    "ring": _l("Friends invite each other round until it comes back to the first one."),
    "excluded_goods": _l(
        "Most of the purchase is gift cards or other goods without points. If it is not counted,"
        " the friend may make another one."
    ),
    "staff_referrer": _l(
        "Whoever invites signs in here as staff with the same e-mail. A receipt that they rang up"
        " themselves is marked."
    ),
    "paid_search": _l(
        "The link was opened from a paid advertisement: somebody may bid on the shop’s own name."
    ),
    "idle_friends": _l(
        "Most friends of one person bought once, for hardly more than the minimum, and never again."
    ),
    "cashier_pattern": _l("One cashier rings up more first purchases of friends than usual."),
    "return_rate": _l("Many first purchases of one person’s friends are returned."),
    "burst": _l("More friends of one person join on a day or in seven days than usual."),
    "same_device": _l("Both used one browser. In a family that happens."),
    "same_till": _l("Both bought at one till within minutes of each other."),
    "disposable_email": _l("The address is of a service that gives addresses for ten minutes."),
    "near_minimum": _l("Several friends of one person bought for hardly more than the minimum."),
    "same_network": _l("Both came from one network: a family, an office. It never holds alone."),
}
ACTIONS = {
    "off": _l("Off"),
    "flag": _l("Note it: two notes hold"),
    "hold": _l("Hold for a decision"),
    "block": _l("Reject at once"),
}
OWN_ACTIONS = {("excluded_goods", "block"): _l("Do not count the purchase")}
SETTINGS = {
    ("ring", "steps"): _l("Longest ring, in people"),
    ("excluded_goods", "percent"): _l("Such goods at most, %"),
    ("idle_friends", "percent"): _l("Such friends at most, %"),
    ("idle_friends", "friends"): _l("From so many friends on"),
    ("idle_friends", "days"): _l("Days to come again"),
    ("idle_friends", "above"): _l("Above the minimum by up to, %"),
    ("cashier_pattern", "most"): _l("First purchases a day at most"),
    ("return_rate", "percent"): _l("Returned at most, %"),
    ("return_rate", "friends"): _l("From so many friends on"),
    ("burst", "day"): _l("Friends a day at most"),
    ("burst", "week"): _l("Friends in seven days at most"),
    ("same_till", "minutes"): _l("Within minutes"),
    ("near_minimum", "percent"): _l("Above the minimum by up to, %"),
    ("near_minimum", "times"): _l("So many times"),
    ("same_network", "hours"): _l("Within hours"),
}
KINDS = {
    "phone": _l("phone"),
    "email": _l("e-mail"),
    "card": _l("card"),
    "payment": _l("payment"),
    "purchase": _l("an earlier purchase"),
    "device": _l("browser"),
    "network": _l("network"),
}
STATES = {
    "open": _l("open"),
    "confirmed": _l("confirmed"),
    "dismissed": _l("dismissed"),
}
TOLD = {
    "same_person": _l("It looks like one person with two cards"),
    "not_new": _l("The friend was in the club before"),
    "rejected": _l("Not counted after a check"),
}
"""What members may read of a rejection."""
WHYS = (
    _l("It is one person"),
    _l("Purchases are made for the points only"),
    _l("A family: both really buy"),
    _l("Checked with the customer"),
)
"""Reasons to choose from; any other may be written."""


def rule_name(code: str) -> str:
    """A rule; one that is newer than this page keeps its code, and none has a name too."""
    return str(RULES.get(code, code or _("Held by hand")))


def rule_note(code: str) -> str:
    """What a rule looks at."""
    return str(NOTES.get(code, ""))


def action_name(action: str, rule: str = "") -> str:
    """What a rule does; some do a thing of their own."""
    own = OWN_ACTIONS.get((rule, action))
    return str(ACTIONS.get(action, action) if own is None else own)


def setting_name(code: str, name: str) -> str:
    """A rule's setting."""
    return str(SETTINGS.get((code, name), name))


def rule_before(rule: RuleState) -> str:
    """How a rule acted before its last change: what it did, and settings that were others."""
    was = rule.changed
    if was is None:
        return ""
    others = [
        f"{setting_name(rule.code, name)}: {number(value)}"
        for name, value in was.settings.items()
        if rule.settings.get(name) != value
    ]
    return "; ".join((action_name(was.action), *others))


def evidence_text(rule: str, evidence: Evidence) -> str:
    """What a rule saw, as a sentence; without evidence, what it looks at."""
    say = EVIDENCE.get(rule)
    try:
        return say(evidence) if say else rule_note(rule)
    except (KeyError, TypeError, ValueError):  # told by another version of the rule
        return rule_note(rule)


def listed_kinds(evidence: Evidence) -> str:
    """«телефон, карта»."""
    return ", ".join(str(KINDS.get(kind, kind)) for kind in evidence["kinds"])


def not_new(evidence: Evidence) -> str:
    known = _("Known before: %(kinds)s.", kinds=listed_kinds(evidence))
    bought = _("Purchases were made with it.")
    return f"{known} {bought}" if evidence["bought"] else known


def ring(evidence: Evidence) -> str:
    steps = evidence["steps"]
    round_ = ngettext("A ring of %(n)s person.", "A ring of %(n)s people.", steps, n=number(steps))
    closes = _("This invitation closes it.") if evidence["closing"] else ""
    return f"{round_} {closes}".strip()


def same_device(evidence: Evidence) -> str:
    apart = evidence["days"]
    if not apart:
        return _("Both used one browser on one day.")
    return _("Both used one browser, %(days)s apart.", days=days(apart))


def same_network(evidence: Evidence) -> str:
    hours = evidence["hours"]
    if not hours:
        return _("Both came from one network within an hour.")
    return ngettext(
        "Both came from one network, %(n)s hour apart.",
        "Both came from one network, %(n)s hours apart.", hours, n=number(hours),
    )  # fmt: skip


def burst(evidence: Evidence) -> str:
    return _("Friends of one person: %(day)s on that day, %(week)s in seven days.",
             day=number(evidence["day"]), week=number(evidence["week"]))  # fmt: skip


def near_minimum(evidence: Evidence) -> str:
    times = evidence["times"]
    return ngettext(
        "%(n)s friend bought for hardly more than the minimum.",
        "%(n)s friends bought for hardly more than the minimum.", times, n=number(times),
    )  # fmt: skip


def same_till(evidence: Evidence) -> str:
    minutes = evidence["minutes"]
    apart = ngettext("%(n)s minute", "%(n)s minutes", minutes, n=number(minutes))
    if not evidence["store"]:
        return _("Both bought at one till, %(apart)s apart.", apart=apart)
    return _("Both bought at one till, %(apart)s apart: %(store)s.",
             apart=apart, store=evidence["store"])  # fmt: skip


def cashier_pattern(evidence: Evidence) -> str:
    times, day = evidence["times"], day_year(date.fromisoformat(evidence["day"]))
    return ngettext(
        "Cashier %(who)s, %(day)s: %(n)s first purchase of friends.",
        "Cashier %(who)s, %(day)s: %(n)s first purchases of friends.",
        times, n=number(times), who=evidence["operator"], day=day,
    )  # fmt: skip


def return_rate(evidence: Evidence) -> str:
    of = evidence["of"]
    return ngettext(
        "%(back)s of %(n)s friend’s first purchases went back.",
        "%(back)s of %(n)s friends’ first purchases went back.",
        of, n=number(of), back=number(evidence["returned"]),
    )  # fmt: skip


def staff_referrer(evidence: Evidence) -> str:
    if evidence["rang_up"]:
        return _("Works here, and rang the purchase up: %(who)s.", who=evidence["operator"])
    return _("Works here.")


def idle_friends(evidence: Evidence) -> str:
    of = evidence["of"]
    return ngettext(
        "%(idle)s of %(n)s friend bought once at the minimum and never again.",
        "%(idle)s of %(n)s friends bought once at the minimum and never again.",
        of, n=number(of), idle=number(evidence["idle"]),
    )  # fmt: skip


EVIDENCE: Mapping[str, Callable[[Evidence], str]] = {
    "same_person": lambda seen: _("The same on both sides: %(kinds)s.", kinds=listed_kinds(seen)),
    "not_new": not_new,
    "ring": ring,
    "disposable_email": lambda seen: _("Address at %(domain)s.", domain=seen["domain"]),
    "excluded_goods": lambda seen: _(
        "Gift cards and goods without points: %(part)s of the purchase.",
        part=percent(seen["percent"] * 100),
    ),
    "staff_referrer": staff_referrer,
    "paid_search": lambda _seen: _("The link was opened from a paid advertisement."),
    "idle_friends": idle_friends,
    "same_device": same_device,
    "same_network": same_network,
    "burst": burst,
    "near_minimum": near_minimum,
    "same_till": same_till,
    "cashier_pattern": cashier_pattern,
    "return_rate": return_rate,
}


def suspected_name(one: Suspected) -> str:
    """A rule with what people made of what it said."""
    state = str(STATES.get(one.state, one.state))
    return _("%(rule)s, %(state)s", rule=rule_name(one.rule), state=state)


FILTERS: dict[str, Callable[..., Any]] = {
    "rule_called": rule_name,
    "rule_note": rule_note,
    "rule_before": rule_before,
    "action_name": action_name,
    "evidence_text": evidence_text,
    "suspected_name": suspected_name,
}
