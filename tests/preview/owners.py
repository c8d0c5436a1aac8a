"""What only an owner sees: receipts that wait, keys of tills, acts besides purchases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from gamification.commands.acts import PERS, ActTerms
from gamification.readmodels.reviews import Decided, GoodsLine, ReviewQueue, Stake, WaitingReceipt
from gamification.readmodels.views import Named
from tests.preview import people
from webapp.console.keys import OVERLAPS, FreshKey, KeyLine
from webapp.intake.tables import ImportRun
from webapp.keys.actions import SCOPES, USUAL_SCOPES
from webapp.words.acts import per_text

Values = dict[str, Any]
LATE = people.NOON - timedelta(days=47, hours=3)
REASON = "Касса стояла с неверной датой: этот чек уже пришёл под другим номером"
GOODS = (
    GoodsLine(1, "4600000012345", "Кофе", 2_000, 48_000),
    GoodsLine(2, "Торт «Полдень» с вишней, на заказ", "Торты и пироги на заказ", 1_250, 412_500),
    GoodsLine(3, None, None, 1_000, 9_000),
)
PURCHASE = WaitingReceipt(
    41, "purchase", "under_review", "too_late", "441-0092", "till-1", None, LATE, people.NOON,
    469_500, 300, 3, "Чистые пруды", "Ольга", "m1", "Анна Соколова", None, "0217", lines=GOODS,
)  # fmt: skip
RETURN = replace(
    PURCHASE, activity_id=42, kind="return", why="does_not_fit", receipt="441-0099",
    names="441-0092", names_source="shop-site", amount_minor=-412_500, points_paid=0,
    member_name=None, card_tail=None,
    lines=(replace(GOODS[1], quantity=-1_250, amount_minor=-412_500),),
)  # fmt: skip
LARGE = replace(
    PURCHASE, activity_id=43, why="large_amount", receipt="B" * 64, source="shop-site",
    amount_minor=1_234_567_800, store=None, operator=None, points_paid=0, lines=(),
    member_name="Пётр Константинович Северо-Двинский", card_tail="4471",
)  # fmt: skip
PARKED = replace(RETURN, activity_id=44, state="parked", why="purchase_unknown",
                 waits_until=people.NOON + timedelta(days=30))  # fmt: skip
REJECTED = replace(
    PURCHASE, state="rejected", reason=REASON,
    decisions=(Decided(people.NOON - timedelta(days=2), "account:1", "rejected"),
               Decided(people.NOON - timedelta(days=1), "account:9", "reopened"),
               Decided(people.NOON, "account:1", "rejected")),
)  # fmt: skip
AUTUMN = Named("autumn", {"ru": "Осенний марафон с тремя главными призами", "en": "Autumn run"})
RECEIPTS = {"return": RETURN, "large": LARGE, "parked": PARKED, "rejected": REJECTED}
BRINGS: dict[str, Values] = {
    "return": {"clawed_back": 288, "points_back": 120},
    "large": {"waits": True},
}
STAKES = (Stake(AUTUMN, people.NOON + timedelta(days=3, hours=5)), Stake(people.HAPPY, None))


def review(who: str) -> Values:
    """A purchase with everything, faults of the form, one that cannot count, decided ones."""
    usual = {"points": 328, "medals": ["regular", "saver"], "challenges_done": [7]}
    return {
        "receipt": RECEIPTS.get(who, PURCHASE), "currency": "RUB", "most": 500,
        "brings": None if who == "stuck" else BRINGS.get(who, usual),
        "hindrance": "Баллов на карте не хватает: нужно 300, есть 120." if who == "stuck" else "",
        "stakes": STAKES if who in ("full", "broken") else (),
        "deciders": {"account:1": "Ирина Орлова"}, "reason": "",
        "error": "Напишите, почему, чтобы это было понятно и потом." if who == "broken" else "",
        "hrefs": {"back": "/reviews", "accept": "/x", "reject": "/x", "reopen": "/x"},
    }  # fmt: skip


def reviews(who: str) -> Values:
    """A queue of every kind, what was done a moment ago, and nothing."""
    empty = who in ("empty", "done")
    queue = ReviewQueue("RUB", () if empty else (PURCHASE, RETURN, LARGE),
                        () if empty else (PARKED,), None if empty else 43)  # fmt: skip
    return {
        "queue": queue, "just_rejected": REJECTED if who == "undo" else None,
        "just_accepted": {"done": "recorded", "late": "decided"}.get(who, ""),
        "href_of": lambda _receipt: "/review", "reopen_href": lambda _receipt: "/x",
        "hrefs": {"more": "/reviews" if queue.after else None, "rejected": "/rejected"},
    }  # fmt: skip


def rejected(who: str) -> Values:
    """Rejected ones, one without a reason of its own, or none."""
    made = (REJECTED, replace(RETURN, state="rejected", reason=""),
            replace(LARGE, state="rejected", reason="Тест"))  # fmt: skip
    return {
        "receipts": () if who == "empty" else made, "currency": "RUB",
        "reopen_href": lambda _receipt: "/x", "hrefs": {"back": "/reviews"},
    }  # fmt: skip


def keys(who: str) -> Values:
    """Keys of tills: one made a moment ago, a form with faults, one just revoked, none."""
    week, none = timedelta(days=7), who == "empty"
    till = KeyLine("till-1", "lk_8FJ2", USUAL_SCOPES, True, LATE, people.NOON, None, None)
    site = KeyLine("shop-site.chistye-prudy.polden.example", "lk_Q0ZX", SCOPES, True, LATE, None,
                   people.NOON + week, None)  # fmt: skip
    old = replace(till, prefix="lk_11AB", works=False, revoked_at=people.NOON)
    ended = replace(site, prefix="lk_77CD", works=False, expires_at=people.NOON - week)
    faults = {"name": "Латинские буквы, цифры, точки и дефисы.", "scope": "Отметьте хоть одно.",
              "days": "Нужно целое число от 1 до 3650."}  # fmt: skip
    wrong = who == "broken"
    return {
        "working": [] if none else [till, site], "closed": [] if none else [old, ended],
        "fresh": FreshKey("till-1", "lk_8FJ2_" + "s3cr3t" * 7) if who == "fresh" else None,
        "undone": old if who == "undo" else None,
        "error": "Такого ключа нет: его уже отозвали." if wrong else "",
        "values": {"name": "Касса 1" if wrong else "", "days": "-1" if wrong else "",
                   "scopes": () if wrong else USUAL_SCOPES},
        "errors": faults if wrong else {}, "scopes": SCOPES, "overlaps": OVERLAPS,
        "hrefs": dict.fromkeys(("make", "rotate", "revoke", "reopen"), "/x") | {"back": "/tills"},
    }  # fmt: skip


def tills(_who: str) -> Values:
    hrefs = {"key_list": "/till-keys", "handbook": "/x", "back": "/acts"}
    return {"address": "https://club.polden.example/api/v1/purchases", "hrefs": hrefs}


def acts(who: str) -> Values:
    """Terms of acts as they are kept, saved a moment ago, or with faults."""
    terms = (
        ActTerms("joined", 0, "ever", 1, on=True),
        ActTerms("profile_completed", 50, "ever", 1, on=True),
        ActTerms("birthday", 300, "year", 1, on=True),
        ActTerms("daily_check_in", 2, "day", 1, on=False),
    )
    values = {
        name: value
        for one in terms
        for name, value in ((f"points-{one.code}", str(one.points)), (f"per-{one.code}", one.per),
                            (f"most-{one.code}", str(one.most)),
                            (f"on-{one.code}", "yes" if one.on else ""))
    }  # fmt: skip
    errors = {"points-birthday": "Нужно целое число от 0 до 10000.",
              "most-daily_check_in": "Нужно целое число от 1 до 100."}  # fmt: skip
    return {
        "acts": terms, "pers": [(per, per_text(per)) for per in PERS], "saved": who == "saved",
        "values": values | ({"points-birthday": "много"} if who == "broken" else {}),
        "errors": errors if who == "broken" else {}, "action": "/x", "hrefs": {"back": "/acts"},
    }  # fmt: skip


def progress(who: str) -> Values:
    """Files that come in, that are looked through, that nobody works on, and two ends."""
    looking, failed = who in ("looking", "idle"), who in ("stopped", "broken")
    stage = {"full": "record", "looking": "read_members"}.get(who, "")
    run = ImportRun(
        state="failed" if failed else "looking" if looking else "importing", folder="x",
        files={"purchases": "чеки-за-2024-и-2025-годы-все-магазины-итог.csv.gz",
               "members": "участники.csv"},
        stage=stage, done=61_240 if who == "full" else 0, whole=184_300, changed_at=people.NOON,
    )  # fmt: skip
    ends = {"stopped": "Вы остановили импорт. Записанное сохранено.",
            "broken": "Файл читается не до конца: строка 61 241."}  # fmt: skip
    return {
        "step": 3 if looking else None, "run": run, "percent": 33 if who == "full" else 0,
        "looking": looking, "idle": who == "idle", "stopped": who == "stopped",
        "error": ends.get(who, ""), "action": "/x",
        "hrefs": {"here": "/setup-progress", "stop": "/x", "files": "/setup-upload",
                  "console": "/console"},
    }  # fmt: skip


PAGES: dict[str, tuple[str, Callable[[str], Values], str]] = {
    "reviews": ("console/reviews.html", reviews, "reviews"),
    "review": ("console/review.html", review, "reviews"),
    "rejected": ("console/rejected.html", rejected, "reviews"),
    "till-keys": ("console/keys.html", keys, "setup"),
    "tills": ("console/tills.html", tills, "setup"),
    "acts": ("console/acts.html", acts, "setup"),
    "setup-progress": ("setup/progress.html", progress, "setup"),
}
WHO = {
    "reviews": ("full", "undo", "done", "late", "empty"),
    "review": ("full", "return", "large", "broken", "stuck", "parked", "rejected"),
    "rejected": ("full", "empty"),
    "till-keys": ("full", "fresh", "undo", "broken", "empty"),
    "acts": ("full", "saved", "broken"),
    "setup-progress": ("full", "looking", "idle", "stopped", "broken"),
}
