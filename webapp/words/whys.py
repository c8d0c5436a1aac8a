"""«Почему столько?»: each step of a sum as a sentence."""

from collections.abc import Callable
from typing import Any

from gamification.readmodels.views import OperationRow, WhyLine
from webapp.tongue import gettext as _
from webapp.words.acts import act_name, how_often
from webapp.words.challenges import challenge_name
from webapp.words.formats import day, minute, money, named, percent, points, times
from webapp.words.medals import medal_title


def why_text(line: WhyLine, currency: str) -> str:
    """The sentence of one step, without its points."""
    return str(SENTENCES[line.code](line, currency))


def rule_name(line: WhyLine) -> str:
    """The rule's own name, else a word for it."""
    return named(line.rule) if line.rule is not None else _("a shop rule")


def base_rate(line: WhyLine, currency: str) -> str:
    values = {
        "rate": percent(line.rate_bp or 0),
        "amount": money(line.amount_minor or 0, currency),
    }
    if line.tier is None:
        return _("%(rate)s in points on %(amount)s", **values)
    return _("%(rate)s for the tier “%(tier)s” on %(amount)s", tier=named(line.tier), **values)


def multiplier(line: WhyLine, _currency: str) -> str:
    values = {"rule": rule_name(line), "times": times(line.times_pct or 100)}
    if line.from_minute is not None and line.to_minute is not None:
        return _(
            "“%(rule)s” from %(start)s to %(end)s: ×%(times)s", start=minute(line.from_minute),
            end=minute(line.to_minute), **values,
        )  # fmt: skip
    if line.category is not None:
        return _(
            "“%(rule)s”: ×%(times)s for “%(category)s”", category=named(line.category), **values
        )
    return _("“%(rule)s”: ×%(times)s", **values)


def bonus(line: WhyLine, _currency: str) -> str:
    return _("Bonus “%(rule)s”", rule=rule_name(line))


def threshold_bonus(line: WhyLine, currency: str) -> str:
    need = money(line.need_minor or 0, currency)
    return _("“%(rule)s”: the receipt is %(need)s or more", rule=rule_name(line), need=need)


def threshold_missed(line: WhyLine, currency: str) -> str:
    return _(
        "“%(rule)s” did not apply: %(short)s short of %(need)s", rule=rule_name(line),
        short=money(line.short_minor or 0, currency), need=money(line.need_minor or 0, currency),
    )  # fmt: skip


def window_missed(line: WhyLine, _currency: str) -> str:
    if line.from_minute is None or line.to_minute is None:
        return _("“%(rule)s” did not apply at that time", rule=rule_name(line))
    return _(
        "“%(rule)s” did not apply: it works from %(start)s to %(end)s", rule=rule_name(line),
        start=minute(line.from_minute), end=minute(line.to_minute),
    )  # fmt: skip


def excluded(line: WhyLine, currency: str) -> str:
    amount = money(line.amount_minor or 0, currency)
    if line.category is None:
        return _("Goods for %(amount)s earn no points", amount=amount)
    return _(
        "“%(category)s” earns no points: %(amount)s left out", category=named(line.category),
        amount=amount,
    )  # fmt: skip


def paid_with_points(line: WhyLine, currency: str) -> str:
    return _(
        "%(amount)s was paid with points and earns none",
        amount=money(line.amount_minor or 0, currency),
    )


def cap(line: WhyLine, _currency: str) -> str:
    return _("No more than %(cap)s for one receipt", cap=points(line.cap or 0))


def rounding(_line: WhyLine, _currency: str) -> str:
    return _("Rounded down to whole points")


def floor(_line: WhyLine, _currency: str) -> str:
    return _("Discounts outweighed the rest; a purchase never takes points away")


def clawback(line: WhyLine, currency: str) -> str:
    if line.amount_minor is None:
        return _("Goods were returned: points for what is kept were counted again")
    return _(
        "Goods for %(amount)s were returned: points for what is kept were counted again",
        amount=money(abs(line.amount_minor), currency),
    )


def written_off(_line: WhyLine, _currency: str) -> str:
    return _("Not taken back: a balance does not go below zero")


def debt_repaid(_line: WhyLine, _currency: str) -> str:
    return _("Covers points owed after an earlier return")


def medal(line: WhyLine, _currency: str) -> str:
    return _("For the medal “%(medal)s”", medal=medal_title(line.medal or "", line.level or 0))


def opening_balance(_line: WhyLine, _currency: str) -> str:
    return _("Brought over from the previous programme")


def expiry(line: WhyLine, _currency: str) -> str:
    if line.on is None:
        return _("Not spent in time")
    return _("Not spent by %(day)s", day=day(line.on))


def spend(_line: WhyLine, _currency: str) -> str:
    return _("Paid at the till, soonest-expiring points first")


def spend_returned(_line: WhyLine, _currency: str) -> str:
    return _("The purchase was returned, so the points paid for it came back")


def adjustment(line: WhyLine, _currency: str) -> str:
    if not line.reason:
        return _("Changed by the shop")
    return _("Changed by the shop: %(reason)s", reason=line.reason)


def zero_total(_line: WhyLine, _currency: str) -> str:
    return _("The receipt’s total is zero, so there is nothing to earn on")


def too_small(line: WhyLine, currency: str) -> str:
    if line.need_minor is None:
        return _("Too small for one whole point")
    return _("Too small for one whole point: it takes %(need)s",
             need=money(line.need_minor, currency))  # fmt: skip


def no_rule(_line: WhyLine, _currency: str) -> str:
    return _("On that day the programme gave no points for purchases")


def waiting(line: WhyLine, _currency: str) -> str:
    odd = _("The receipt looks unusual: the shop will look at it")
    known = {
        "parked": _("The return waits for its purchase, which has not arrived yet"),
        "rejected": _("The shop looked at the receipt and did not accept it"),
    }
    return known.get(line.reason or "", odd)


def corrected(_line: WhyLine, _currency: str) -> str:
    return _("Already earned by the receipt that this one corrects")


INVITED = (
    "friend_joined", "friend_came", "friend_bought", "friend_of_friend", "welcome_gift",
    "invited_bonus",
)  # fmt: skip


def act(line: WhyLine, _currency: str) -> str:
    if line.act == "friend_joined":
        return _("Points come when your friend has bought something and kept it")
    if line.act in INVITED:
        return _("As the terms of invitations say on the day your friend joined")
    if line.names is not None:
        return challenge(line)
    if not line.points:
        return _("The shop gives no points for this")
    return _("For “%(act)s”: %(often)s", act=act_name(line.act or ""), often=often(line))


def challenge(line: WhyLine) -> str:
    name = challenge_name({"names": line.names})
    if line.act == "challenge_compensation":
        return _("For what was done in “%(challenge)s” before it was called off", challenge=name)
    if not line.points:
        return _("“%(challenge)s” gives a medal and no points", challenge=name)
    return _("As “%(challenge)s” promised", challenge=name)


def challenge_cap(_line: WhyLine, _currency: str) -> str:
    return _("The most that this challenge gives to one member was reached")


def challenge_budget(_line: WhyLine, _currency: str) -> str:
    return _("The prizes of the challenge had already run out")


def often(line: WhyLine) -> str:
    return how_often(line.reason or "ever", line.cap or 1)


def act_limit(line: WhyLine, _currency: str) -> str:
    return _("Counted already: %(often)s", often=often(line))


def act_off(_line: WhyLine, _currency: str) -> str:
    return _("The shop did not count this then")


def act_cancelled(line: WhyLine, _currency: str) -> str:
    return _("“%(act)s” was taken back by the shop", act=act_name(line.act or ""))


def referral_cap(_line: WhyLine, _currency: str) -> str:
    return _("The limit of rewarded friends was reached")


def referral_budget(_line: WhyLine, _currency: str) -> str:
    return _("The shop's fund for invitations was used up")


SENTENCES: dict[str, Callable[[WhyLine, str], str]] = {
    "base_rate": base_rate,
    "multiplier": multiplier,
    "bonus": bonus,
    "threshold_bonus": threshold_bonus,
    "threshold_missed": threshold_missed,
    "window_missed": window_missed,
    "excluded": excluded,
    "paid_with_points": paid_with_points,
    "cap": cap,
    "rounding": rounding,
    "floor": floor,
    "clawback": clawback,
    "written_off": written_off,
    "debt_repaid": debt_repaid,
    "medal": medal,
    "opening_balance": opening_balance,
    "expiry": expiry,
    "spend": spend,
    "spend_returned": spend_returned,
    "adjustment": adjustment,
    "zero_total": zero_total,
    "too_small": too_small,
    "no_rule": no_rule,
    "waiting": waiting,
    "corrected": corrected,
    "act": act,
    "act_limit": act_limit,
    "act_off": act_off,
    "act_cancelled": act_cancelled,
    "referral_cap": referral_cap,
    "referral_budget": referral_budget,
    "challenge_cap": challenge_cap,
    "challenge_budget": challenge_budget,
}


def operation_title(row: OperationRow, currency: str) -> str:
    """What happened, in three words."""
    if row.kind in ("act", "act_cancelled"):
        name = challenge_title(row) or act_name(row.act or "")
        return name if row.kind == "act" else _("Taken back: %(act)s", act=name)
    if row.kind == "medal":
        return _("Medal “%(medal)s”", medal=medal_title(row.medal or "", row.level or 0))
    if row.amount_minor is not None and row.kind in {"purchase", "return"}:
        amount = money(abs(row.amount_minor), currency)
        if row.kind == "purchase":
            return _("Purchase for %(amount)s", amount=amount)
        return _("Return for %(amount)s", amount=amount)
    plain = {
        "purchase": _("Purchase"),
        "return": _("Return"),
        "spend": _("Paid with points"),
        "spend_returned": _("Points came back"),
        "opening": _("Opening balance"),
        "adjustment": _("Correction"),
        "expiry": _("Points expired"),
    }
    return str(plain[row.kind])


def challenge_title(row: OperationRow) -> str:
    """The name of the challenge that a row is about; empty for other acts."""
    names = next((line.names for line in row.why if line.names), None)
    if names is None:
        return ""
    name = challenge_name({"names": names})
    if row.act == "challenge_step":
        return _("A step of “%(challenge)s”", challenge=name)
    return _("Challenge “%(challenge)s”", challenge=name)


FILTERS: dict[str, Callable[..., Any]] = {
    "why_text": why_text,
    "operation_title": operation_title,
}
