"""Invented invitations for the console's scenes: terms, a queue, rules, a report."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gamification.commands.referrals import BOUNDS, ReferralTerms
from gamification.commands.suspicions import RULES, RuleChange, RuleState
from gamification.readmodels.corrections import CountedAct, KeptCorrection, ToCorrect
from gamification.readmodels.referral_decisions import Decision
from gamification.readmodels.referral_fund import Fund
from gamification.readmodels.referral_report import (
    Cell,
    Cost,
    Ended,
    ReferralReport,
    Referrer,
    Spending,
    Steps,
    Suspected,
)
from gamification.readmodels.referral_reviews import ReviewCase, ReviewGroup
from gamification.readmodels.referral_terms import TermsVersion
from tests.preview import people
from webapp.console.invitations_report import report_values
from webapp.console.invitations_review import key_of
from webapp.words.invitations import FIELD_NAMES, sides_of
from webapp.words.suspicions import TOLD, WHYS, action_name, setting_name

Values = dict[str, Any]
TERMS = ReferralTerms(
    referrer_points=300, friend_points=200, welcome_points=50, minimum=200_000, budget=100_000,
    share_percent=5, second_percent=10, id=3,
)  # fmt: skip
FUND = Fund(TERMS, 31_200)
WEEK = date(2025, 9, 1)
SAID = "Это моя сестра, мы живём вместе и ходим в одно кафе. Карты у нас разные!"


def places(current: str) -> Values:
    hrefs = {"terms": "/invitations", "review": "/invitations-review",
             "rules": "/invitations-rules", "report": "/invitations-report"}  # fmt: skip
    return {"hrefs": hrefs, "current": current}


def terms_values(who: str) -> Values:
    """Terms in force, just published ones, or a form with faults."""
    versions = (
        TermsVersion(TERMS, people.NOON, "account:1", 4),
        TermsVersion(replace(TERMS, referrer_points=250, budget=None, id=2), people.NOON, "", 31),
        TermsVersion(replace(TERMS, is_on=False, id=1), people.NOON, "account:1", 0),
    )
    values = {name: str(getattr(TERMS, name) or 0) for name in BOUNDS}
    errors = {}
    if who == "wrong":
        values |= {"cap": "0", "minimum": "0"}
        errors = {"cap": "Нужно целое число от 1 до 10000.",
                  "minimum": "Нужна сумма больше нуля, например 1 или 0,5."}  # fmt: skip
    return {
        "places": places("terms"), "versions": () if who == "empty" else versions,
        "names": {"account:1": "Ирина Орлова"},
        "values": values | {"minimum": "2000", "bind": "first", "is_on": "yes", "over": "3"},
        "errors": errors, "labels": FIELD_NAMES, "bounds": BOUNDS, "currency": "RUB",
        "fund": None if who == "empty" else FUND,
        "sides": None if errors else sides_of(TERMS, "RUB"), "is_typed": False,
        "is_on": who != "empty", "said": "published" if who == "published" else "",
        "undone": versions[1] if who == "published" else None, "fault": "",
        "hrefs": {"save": "/invitations", "again": "/invitations"},
    }  # fmt: skip


SEEN: dict[str, Values] = {
    "cashier_pattern": {"operator": "Касса 2, Ольга", "day": "2025-11-20", "times": 9},
    "return_rate": {"returned": 4, "of": 7},
    "burst": {"day": 6, "week": 11},
    "same_device": {"days": 0},
    "same_till": {"minutes": 4, "store": "Центр"},
    "disposable_email": {"domain": "mailinator.com"},
    "near_minimum": {"times": 3},
}


def review_values(who: str) -> Values:
    """A queue of several rules, or an empty one after a decision."""
    names = ("Борис Котов", "Вера Лапина", "Глеб Седых", "", "Дина Абрамова", "Егор Пак")
    groups = [
        ReviewGroup(number, referrer, rule, tuple(
            ReviewCase(number * 10 + n, name, date(2025, 11, 10 + n), 200_000 + 900 * n, seen,
                       ("same_network",) if n == 1 else (),
                       SAID if who == "full" and n == 2 else None,
                       date(2025, 11, 21) if who == "full" and n == 2 else None, rule == "burst")
            for n, name in enumerate(names[: 3 + number % 4])
        ))
        for number, (rule, seen) in enumerate(SEEN.items())
        for referrer in [("Ана Гогидзе", "Пётр Константинович Северо-Двинский", "")[number % 3]]
    ]  # fmt: skip
    shown = () if who == "empty" else tuple(groups)
    errors = {"why": "Напишите, почему.", "picks": "Отметьте, о чём вы решили."}
    return {
        "places": places("review"), "groups": shown, "most": 100, "key_of": key_of,
        "told": "", "reasons": [("", "Как есть"), *TOLD.items()],
        "picked": {11, 12}, "waiting": sum(len(one.cases) for one in shown), "number": 1,
        "pages": 2 if shown else 1, "why": "", "whys": WHYS, "currency": "RUB",
        "errors": errors if who == "wrong" else {},
        "done": None if who != "empty"
        else {"verdict": "reject", "done": 12, "late": 1, "batch": "7"},
        "hrefs": {"decide": "/invitations-review", "undo": "/x", "decided": "/invitations-decided",
                  "none": "/invitations-review",
                  "before": None, "after": "/invitations-review"},
    }  # fmt: skip


def decided_values(who: str) -> Values:
    """Decisions of a few days: one that stands, one taken back, one that was decided anew."""
    common = {"referrer_name": "Ана Гогидзе", "state": "rewarded", "undone_at": None,
              "undone_by": "", "undone_why": "", "can_undo": True}  # fmt: skip
    made = (
        Decision(4, "pay", people.NOON, "account:1", "Семья: оба покупают",
                 friend_name="Борис Котов", **common),
        Decision(3, "reject", people.NOON, "account:1", "Это один человек",
                 **common | {"friend_name": "", "referrer_name": ""}),
        Decision(2, "reject", people.NOON, "account:1", "Проверено", friend_name="Вера Лапина",
                 **common | {"undone_at": people.NOON, "undone_by": "account:1",
                             "undone_why": "Ошиблась строкой", "can_undo": False}),
        Decision(1, "pay", people.NOON, "", "", friend_name="Константин Северо-Двинский",
                 **common | {"can_undo": False}),
    )  # fmt: skip
    return {
        "places": places("review"), "decisions": () if who == "empty" else made, "days": 14,
        "names": {"account:1": "Ирина Орлова"}, "picked": {3} if who == "wrong" else set(),
        "why": "", "most": 200, "done": 2 if who == "empty" else None, "after": 0,
        "errors": {"picks": "Отметьте, что отменить."} if who == "wrong" else {},
        "hrefs": {"undo": "/x", "back": "/invitations-review",
                  "more": "/invitations-decided" if who == "full" else None},
    }  # fmt: skip


def rules_values(who: str) -> Values:
    rules = [
        RuleState(
            code, rule.action, {name: bound.shipped for name, bound in rule.settings.items()},
            None if number % 3 else people.NOON, who == "silent" and number % 4 == 1,
            RuleChange(number, people.NOON, "account:1", "off", {"day": 9, "week": 30})
            if rule.code in ("burst", "ring") else None,
        )
        for number, (code, rule) in enumerate(RULES.items())
    ]  # fmt: skip
    values = {f"action-{rule.code}": rule.action for rule in rules} | {
        f"{rule.code}-{name}": str(value) for rule in rules for name, value in rule.settings.items()
    }
    return {
        "places": places("rules"), "rules": rules, "values": values,
        "names": {"account:1": "Ирина Орлова"}, "undo_action": "/x",
        "errors": {}, "saved": 2 if who == "silent" else None, "action": "/invitations-rules",
        "actions": {code: [(one, action_name(one, code)) for one in rule.actions]
                    for code, rule in RULES.items()},
        "fields": {rule.code: [(f"{rule.code}-{name}", setting_name(rule.code, name))
                               for name in rule.settings] for rule in rules},
    }  # fmt: skip


def cells() -> tuple[Cell, ...]:
    """Twelve weeks that grow, by four channels."""
    found = []
    for n in range(12):
        for channel, part in (("telegram", 5), ("qr", 3), ("code", 2), ("vk", 1)):
            joined = part * (n + 2) // 3
            kept = joined * (60 - 3 * n) // 100
            steps = Steps(0 if channel == "code" else joined * 4, joined, joined * 7 // 10,
                          kept, kept * 9 // 10)  # fmt: skip
            found.append(Cell(WEEK + timedelta(weeks=n), channel, steps))
    return tuple(found)


def report_of(who: str) -> ReferralReport:
    few = who == "few"
    return ReferralReport(
        currency="RUB", first=WEEK, today=people.TODAY,
        weeks=tuple(WEEK + timedelta(weeks=n) for n in range(12)),
        cells=() if who == "empty" else cells()[-3:] if few else cells(),
        cost=Cost(0, 0, 0, 0, 0, 0, None, 100) if few
        else Cost(11_700, 7_800, 9_050, 1_312, 240, 30_102, 772, 100),
        friends=Spending(7, None, None) if few else Spending(112, 318_000, 402_350),
        others=Spending(3, None, None) if few else Spending(640, 214_000, 291_100),
        ended=() if few else (
            Ended("in_review", "in_review", 6), Ended("blocked", "same_person", 4),
            Ended("reversed", "returned", 3), Ended("expired", "too_late", 12),
            Ended("qualified", "cap", 2),
        ),
        suspected=() if few else (Suspected("burst", "open", 4), Suspected("ring", "confirmed", 2)),
        referrers=(
            Referrer(1, "Ана Гогидзе", 14, 10, 1, 0, 3_000),
            Referrer(2, "Пётр Константинович Северо-Двинский", 9, 4, 0, 3, 1_200),
            Referrer(3, "", 2, 1, 0, 0, 300),
        ),
    )  # fmt: skip


def report_page_values(who: str) -> Values:
    return {
        "places": places("report"), **report_values(report_of(who)), "fund": FUND, "weeks": 12,
        "spans": [(span, f"/invitations-report?weeks={span}") for span in (4, 12, 26, 52)],
        "csv_href": "/invitations-report",
    }  # fmt: skip


PAGES = {
    "invitations": ("console/invitations.html", terms_values, "invitations"),
    "invitations-review": ("console/invitations_review.html", review_values, "invitations"),
    "invitations-decided": ("console/invitations_decided.html", decided_values, "invitations"),
    "invitations-rules": ("console/invitations_rules.html", rules_values, "invitations"),
    "invitations-report": ("console/invitations_report.html", report_page_values, "invitations"),
}
WHO = {
    "invitations": ("full", "published", "wrong", "empty"),
    "invitations-review": ("full", "wrong", "empty"),
    "invitations-decided": ("full", "wrong", "empty"),
    "invitations-rules": ("full", "silent"),
    "invitations-report": ("full", "few", "empty"),
}


def member(who: str) -> Values:
    """A member whose contact and acts can be put right; nothing to do; refused."""
    acts = tuple(
        CountedAct(n, code, people.NOON - timedelta(days=n), points, None)
        for n, (code, points) in enumerate(
            [("daily_check_in", 2), ("profile_completed", 50), ("birthday", 300), ("joined", 0)], 1
        )
    )
    journal = (
        KeptCorrection(people.NOON, "phone", "+7 ••• ••• 44 17", "+7 ••• ••• 90 21",
                       "Паспорт показан, старая карта сдана", "account:1"),
        KeptCorrection(people.NOON, "city", "Тверь", "", "Переезжает, куда — не решил",
                       "account:1"),
        KeptCorrection(people.NOON, "act", "daily_check_in", "", "Отметка с чужого телефона",
                       "account:1"),
    )  # fmt: skip
    empty = who == "empty"
    view = ToCorrect(
        "Анна С.", None if empty else "+79123456789", None, "ru", "" if empty else "Тверь",
        () if empty else acts, () if empty else journal,
    )  # fmt: skip
    wrong = "Напишите, почему, чтобы это было понятно и через год."
    return {
        "face": people.STAFF_ROWS[0], "view": view, "names": {"account:1": "Ирина, владелица"},
        "contacts": [] if empty else ["+7 ••• ••• 67 89"], "most": 200, "longest": 80,
        "errors": {"reason": wrong, "cause": wrong, "act": "Выберите действие."}
        if who == "broken" else {}, "still": False,
        "typed": {"contact": "+7 900 000-90-21", "reason": "", "city": view.city, "cause": "",
                  "act": "2", "why": ""},
        "hrefs": {"find": "/find", "contact": "/x", "city": "/x", "act": "/x"},
    }  # fmt: skip
