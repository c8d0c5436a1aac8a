"""Every way in which the programme says no, as a sentence with a way on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gamification.refusals import Refusal
from webapp.tongue import gettext as _
from webapp.words import audiences, console_refusals, entrance_refusals, key_refusals
from webapp.words.formats import clock, day, points

Values = Mapping[str, Any]


def refusal_text(refusal: Refusal) -> str:
    """The sentence for a refusal; an unknown code still gets a plain answer."""
    sentence = SENTENCES.get(refusal.code)
    return str(sentence(refusal.values)) if sentence else str(_("This cannot be done now."))


def unknown_member(values: Values) -> str:
    """Names what was asked by, so that nobody looks for a mistake elsewhere."""
    known = {
        "card": _("No member has this card."),
        "phone": _("No member has this phone."),
        "email": _("No member has this e-mail."),
        "external_id": _("Nobody is known by this id of yours (external_id)."),
    }
    plain = _("No member has this card, phone or e-mail.")
    return str(known.get(str(values.get("who")), plain))


def member_blocked(_values: Values) -> str:
    return _("This membership is paused. The shop can tell you why.")


def card_blocked(_values: Values) -> str:
    return _("This card was blocked or replaced. The new one works.")


def already_taken(_values: Values) -> str:
    return _("This phone, e-mail or card already belongs to another member.")


def history_claimed(_values: Values) -> str:
    return _(
        "Someone already signs in to this history, so a slip cannot change its contact. If that"
        " is you, sign in with the phone or e-mail on file: the shop can see its last digits."
    )


def conflicting_body(_values: Values) -> str:
    return _("This number came before with other contents. Nothing was changed.")


def act_not_yours(_values: Values) -> str:
    return _("Acts of this type cannot be sent: the programme notes them by itself.")


def act_out_of_time(values: Values) -> str:
    return _(
        "An act is told at most %(days)s days after it happened, and not before.",
        days=values["days"],
    )


def unknown_activity(_values: Values) -> str:
    return _("There is no act with this number.")


def act_closed(_values: Values) -> str:
    return _("There is no such act, or it does not count: nothing can be taken back.")


def parent_needed(_values: Values) -> str:
    return _("Under 14 a parent takes part too. Ask a parent to confirm below.")


def birthday_fixed(_values: Values) -> str:
    return _("Your birthday was celebrated already. The shop can correct it.")


def zone_too_soon(values: Values) -> str:
    until = values.get("until")
    if not isinstance(until, datetime):
        return _("The time zone was changed lately.")
    return _(
        "The time zone was changed lately. It can be changed again from %(day)s on.",
        day=day(until.date()),
    )


def last_contact(_values: Values) -> str:
    return _("It is the only way for you to sign in. Add another one first.")


def unknown_receipt(_values: Values) -> str:
    return _("There is no receipt with this number.")


def unknown_source(values: Values) -> str:
    return _("Nothing was ever sent under the name “%(named)s”.", named=values["named"])


def returns_too_much(_values: Values) -> str:
    return _("More is being returned than was bought and kept.")


def goods_differ(values: Values) -> str:
    return _("Line %(line)s of that purchase holds other goods.", line=values.get("line", ""))


def receipt_closed(_values: Values) -> str:
    return _("This receipt was fully returned or replaced and cannot be changed.")


def not_enough_points(values: Values) -> str:
    if "wanted" in values and "has" in values:
        return _(
            "%(wanted)s are needed, %(has)s are available.", wanted=points(int(values["wanted"])),
            has=points(int(values["has"])),
        )  # fmt: skip
    return _("There are not enough points for this.")


def share_too_high(_values: Values) -> str:
    return _("Points can pay only a part of this receipt.")


def amount_too_large(_values: Values) -> str:
    return _("The amount is larger than one receipt may hold.")


def programme_missing(_values: Values) -> str:
    return _("The programme is not set up yet.")


def programme_exists(_values: Values) -> str:
    return _("The programme is set up already.")


def programme_mismatch(_values: Values) -> str:
    return _("The file is in another currency than the programme.")


def invalid_setting(_values: Values) -> str:
    return _("One of the settings is outside what makes sense.")


def read_only_now(_values: Values) -> str:
    return _("This view shows a past day and cannot change anything.")


def not_waiting(_values: Values) -> str:
    return _("This receipt does not wait for a decision any more.")


def still_ahead(values: Values) -> str:
    until = values.get("until")
    if not isinstance(until, datetime):
        return _("The receipt is dated in the future and cannot be accepted yet.")
    return _(
        "The receipt is dated in the future: it can be accepted from %(day)s, %(time)s.",
        day=day(until), time=clock(until),
    )  # fmt: skip


def programme_in_use(_values: Values) -> str:
    return _(
        "Members have earned by these terms: they stay as they were when the programme started."
    )


def medal_not_held(_values: Values) -> str:
    return _("This medal is not yours yet.")


def shelf_full(values: Values) -> str:
    return _("The shelf takes %(most)s medals. Take one off to put another there.",
             most=values.get("most", 12))  # fmt: skip


def too_young(_values: Values) -> str:
    return _("A public page is for those who are 14 or older. The medal is yours all the same.")


def unknown_challenge(_values: Values) -> str:
    return _("There is no such challenge.")


def challenge_closed(values: Values) -> str:
    sentences = {
        "scheduled": _("This challenge has not begun yet."),
        "reached": _("You have already completed a step of it, so it is too late to leave."),
        "cancelled": _("The shop called this challenge off."),
        "ended": _("This challenge is over."),
        "archived": _("This challenge is over."),
        "ending": _("This challenge is over."),
    }
    changed = _("The challenge is past that point: someone may have changed it in the meantime.")
    return sentences.get(str(values.get("state")), changed)


def overtaken(_values: Values) -> str:
    return _("Somebody else saved meanwhile. Look at what is there now, and try again.")


def prizes_gone(_values: Values) -> str:
    return _("The prizes of this challenge are used up.")


SENTENCES: dict[str, Callable[[Values], str]] = {
    "unknown_challenge": unknown_challenge,
    "challenge_closed": challenge_closed,
    "overtaken": overtaken,
    "medal_not_held": medal_not_held,
    "shelf_full": shelf_full,
    "too_young": too_young,
    "unknown_member": unknown_member,
    "member_blocked": member_blocked,
    "card_blocked": card_blocked,
    "already_taken": already_taken,
    "history_claimed": history_claimed,
    "conflicting_body": conflicting_body,
    "unknown_receipt": unknown_receipt,
    "unknown_source": unknown_source,
    "act_not_yours": act_not_yours,
    "act_out_of_time": act_out_of_time,
    "act_closed": act_closed,
    "unknown_activity": unknown_activity,
    "birthday_fixed": birthday_fixed,
    "parent_needed": parent_needed,
    "zone_too_soon": zone_too_soon,
    "last_contact": last_contact,
    "returns_too_much": returns_too_much,
    "goods_differ": goods_differ,
    "receipt_closed": receipt_closed,
    "not_enough_points": not_enough_points,
    "share_too_high": share_too_high,
    "amount_too_large": amount_too_large,
    "programme_missing": programme_missing,
    "programme_exists": programme_exists,
    "programme_mismatch": programme_mismatch,
    "invalid_setting": invalid_setting,
    "read_only_now": read_only_now,
    "not_waiting": not_waiting,
    "still_ahead": still_ahead,
    "programme_in_use": programme_in_use,
    **audiences.SENTENCES,
    "prizes_gone": prizes_gone,
    **console_refusals.SENTENCES,
    **entrance_refusals.SENTENCES,
    **key_refusals.SENTENCES,
}

FILTERS: dict[str, Callable[..., Any]] = {"refusal_text": refusal_text}
