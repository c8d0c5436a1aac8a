"""Words of the owner's pages: what waits and why, what a rule says, what an import came to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from flask_babel import lazy_gettext as _l

from gamification.points import minor_digits
from gamification.readmodels.terms import RuleTerms, Terms
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import (
    day_year,
    locale,
    minute,
    money,
    named,
    number,
    points,
    times,
)

WAITS = {
    "too_late": _l("Sent too late"),
    "from_the_future": _l("Dated in the future"),
    "large_amount": _l("An unusually large sum"),
    "purchase_unknown": _l("Waits for its purchase"),
    "before_purchase": _l("Dated before its purchase"),
    "does_not_fit": _l("Returns more than is left of its purchase"),
}
SCOPES = {
    "receipts:write": _l("send receipts"),
    "members:read": _l("look at a member"),
    "activities:write": _l("send acts besides purchases"),
    "members:write": _l("tell where a member lives"),
}
DECISIONS = {
    "accepted": _l("Accepted"),
    "rejected": _l("Rejected"),
    "reopened": _l("Put back to the queue"),
}
DOWNGRADES = {
    "none": _l("Nobody loses a tier."),
    "one_step": _l("A member who does not keep the tier goes one step down."),
    "earned": _l("A member who does not keep the tier goes to the one their sum allows."),
}
RETURNS = {
    "only_pending": _l("A return takes back only points that are still on the way."),
    "within_balance": _l("A return takes points back as far as the balance goes."),
    "unlimited": _l("A return takes all its points back; the next purchases make up for it."),
}


def waits_text(code: str | None) -> str:
    """Why a receipt waits."""
    return str(WAITS.get(code or "", _("Waits")))


def scope_text(scope: str) -> str:
    """What a key may do."""
    return str(SCOPES.get(scope, scope))


def decision_text(code: str) -> str:
    """What somebody decided."""
    return str(DECISIONS.get(code, code))


def rule_text(rule: RuleTerms, currency: str) -> str:
    """An earning rule as one sentence, with when it applies."""
    sentences: dict[str, Callable[[], str]] = {
        "multiplier": lambda: _(
            "%(times)s times the points for %(what)s",
            times=times(rule.times_pct or 100), what=listed(rule.categories) or _("everything"),
        ),
        "bonus": lambda: _(
            "%(points)s more from %(money)s on",
            points=points(rule.points or 0), money=money(rule.need_minor or 0, currency),
        ),
        "exclusion": lambda: _(
            "No points for %(what)s, and no paying for it with points",
            what=listed(rule.categories),
        ),
        "cap": lambda: _("At most %(points)s for one receipt", points=points(rule.points or 0)),
    }  # fmt: skip
    parts = [str(sentences[rule.kind]()), *when_parts(rule)]
    return ", ".join(parts) + "."


def listed(names: tuple[str, ...]) -> str:
    """Categories in quotation marks of the reader's language."""
    marks = "«»" if locale().language == "ru" else "“”"
    return ", ".join(f"{marks[0]}{name}{marks[1]}" for name in names)


def when_parts(rule: RuleTerms) -> list[str]:
    """Days of the week, hours and dates of a rule, those that it has."""
    parts, span = [], rule.span
    if span.weekdays:
        names = get_day_names("abbreviated", locale=locale())
        parts.append(" ".join(str(names[day - 1]) for day in sorted(span.weekdays)))
    if span.hours:
        start, end = span.hours
        parts.append(_("from %(start)s to %(end)s", start=minute(start), end=minute(end)))
    if span.dates:
        start_day, end_day = span.dates
        parts.append(
            _("from %(start)s until before %(end)s", start=day_year(start_day),
              end=day_year(end_day))
        )  # fmt: skip
    return [str(part) for part in parts]


def rule_title(rule: RuleTerms) -> str:
    """The shop's own name of a rule, or nothing."""
    return named(rule.name) if rule.name.names else ""


def terms_sentences(terms: Terms) -> list[str]:
    """The terms that are not tiers or rules, a sentence each."""
    programme = terms.programme
    worth = money(programme.point_worth, programme.currency)
    sentences = [
        _("1 point is worth %(money)s.", money=worth),
        _("Points can pay up to %(share)s%% of a receipt.", share=number(programme.pay_share)),
        arrival(programme.pending_days),
        expiry(programme.expiry_months),
        _(
            "A tier is measured by the purchases of %(window)s, held for %(term)s, then %(grace)s"
            " of grace.",
            window=days(programme.window_days), term=months(programme.term_months),
            grace=days(programme.grace_days),
        ),
        DOWNGRADES[programme.downgrade],
        RETURNS[programme.negative_policy],
        _(
            "A receipt sent more than %(days)s late waits for your decision.",
            days=days(programme.late_days),
        ),
    ]  # fmt: skip
    if programme.review_over is not None:
        most = money(programme.review_over, programme.currency)
        sentences.append(
            _("A receipt of more than %(money)s waits for your decision, too.", money=most)
        )
    return [str(sentence) for sentence in sentences]


def arrival(pending: int) -> str:
    """When points can be spent."""
    if not pending:
        return _("Points arrive at once.")
    return _("Points arrive %(days)s after the purchase.", days=days(pending))


def expiry(after: int | None) -> str:
    """When points burn."""
    if after is None:
        return _("They never expire.")
    return _("They expire %(months)s after they arrive.", months=months(after))


def days(count: int) -> str:
    """«14 дней»."""
    return ngettext("%(n)s day", "%(n)s days", count, n=number(count))


def months(count: int) -> str:
    """«12 месяцев»."""
    return ngettext("%(n)s month", "%(n)s months", count, n=number(count))


def round_money(minor: int, currency: str) -> str:
    """Money without kopecks, for sums that only show how much it is."""
    unit = 10 ** minor_digits(currency)
    return money((minor + unit // 2) // unit * unit, currency)


def quantity(thousandths: int) -> str:
    """A quantity kept in thousandths: 1500 as «1,5»."""
    return number(Decimal(thousandths) / 1000)


FILTERS: dict[str, Callable[..., Any]] = {
    "quantity": quantity,
    "round_money": round_money,
    "waits_text": waits_text,
    "scope_text": scope_text,
    "decision_text": decision_text,
    "rule_text": rule_text,
    "rule_title": rule_title,
    "terms_sentences": terms_sentences,
}
