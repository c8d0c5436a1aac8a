"""Which templates there are to look at, and what each is given."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from gamification.commands.referrals import ReferralTerms
from gamification.readmodels.celebration import Celebration, Prize
from gamification.readmodels.challenges import OnHome
from gamification.readmodels.inbox import InboxRow
from gamification.readmodels.pocket import Pocket
from gamification.readmodels.views import ActivationSlip, Named, NextStep
from gamification.readmodels.welcome import Welcome
from tests.preview import (
    boards,
    circle,
    contests,
    desks,
    gardens,
    overviews,
    owners,
    people,
    posts,
    prefs,
    quests,
    rehearsed,
    shelves,
)
from webapp import words
from webapp.console.design import shown
from webapp.contrast import brand_of
from webapp.entrance.invited import CodeField

Values = dict[str, Any]
HREFS = {"home": "/home", "card": "/card", "code": "/code.svg", "history": "/history",
         "pending": "/history?f=pending", "expiring": "/history?f=expiring", "step": "/card",
         "tiers": "/tiers", "challenges": "/challenges", "later": "/x", "all": "/history",
         "retry": "/history",
         "herbarium": "/herbarium", "friends": "/friends"}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A template and the values for one of the invented people."""

    template: str
    values: Callable[[str], Values]
    current: str = ""
    staff: bool = False


def home(who: str) -> Values:
    offer = circle.TERMS if who in ("full", "champion") else None
    shown = people.HOMES[who]
    if who in contests.ON_HOME:
        contest = OnHome(contests.ON_HOME[who], 4, False, people.NOON)
        shown = replace(shown, contest=contest)
    if who == "nearly":
        shown = replace(shown, step=NextStep("challenge", challenge=contests.ON_HOME[who]))
    return {"home": shown, "hrefs": HREFS, "offer": offer}


def history(who: str) -> Values:
    kinds = ("all", "earned", "spent", "pending", "expiring", "returned")
    chosen = people.HISTORIES[who]
    return {
        "history": chosen, "filters": [(k, f"/history?f={k}") for k in kinds],
        "more_href": "/history?after=x" if chosen.after else None, "csv_href": "/history.csv",
        "hrefs": HREFS,
    }  # fmt: skip


def card(who: str) -> Values:
    return {"card": people.HOMES[who].card, "code_href": "/code.svg", "home_href": "/home"}


def pocket(who: str) -> Values:
    home, hrefs = people.HOMES["full"], {"home": "/home", "card": "/card", "code": "/code.svg"}
    kept = Pocket(home.card, home.balance, home.worth_minor, home.currency, people.NOON)
    return {"pocket": kept if who == "full" else None, "hrefs": hrefs}


def offline_card(who: str) -> Values:
    return {**card(who), "offline": True}


@dataclass(frozen=True)
class Rung:
    """A tier on the landing page."""

    name: Named
    number: int
    of: int
    rate_bp: int
    need_minor: int


def welcome(who: str) -> Values:
    """The three questions, and a child's birthday."""
    question = {"full": "birthday", "child": "birthday"}.get(who, who)
    view = Welcome(
        question,
        5,
        2,
        1,
        ("Кофе", "Выпечка", "Завтраки", "Чай и травы", "Мороженое", "Подарки"),
        "email",
        celebrates=who == "messages",
    )
    parent = "Я родитель и согласен, чтобы ребёнок участвовал." if who == "child" else ""
    return {"welcome": view, "action": "/x", "next": "", "typed": "2016-05-04" if parent else "",
            "error": "До 14 лет участвует и родитель." if parent else "", "parent": parent,
            "notice": "Приглашение засчитано." if who == "full" else "",
            "noticed": "good",
            "earliest": "1900-01-01"}  # fmt: skip


def landing(_who: str) -> Values:
    names = (people.ROSTOK, people.LIST, people.VETV, people.VENOK)
    rates, needs = (300, 500, 700, 1000), (0, 200_000, 500_000, 1_000_000)
    tiers = [Rung(names[i], i + 1, 4, rates[i], needs[i]) for i in range(4)]
    offer = {"rate_bp": 300, "top_rate_bp": 1000, "worth_minor": 100, "currency": "RUB",
             "max_share_pct": 50, "tiers": tiers}  # fmt: skip
    return {"offer": offer, "hrefs": DOORS}


def invitation(who: str) -> Values:
    """A friend's page: with a name, without, with every extra, and as the friend looks."""
    small = {"friend_points": 0, "referrer_points": 0, "welcome_points": 0}
    terms = {
        "nameless": ReferralTerms(
            friend_points=200, welcome_points=50, share_percent=5, budget=50_000
        ),
        "bare": ReferralTerms(**small),  # type: ignore[arg-type]
    }.get(who, ReferralTerms())
    name = {"nameless": None, "long": "Константин-Александр Ш."}.get(who, "Анна С.")
    it = words.invited.invite_words(terms, name, shop="Полдень", currency="RUB", worth_minor=100)
    code = "МЕДОВЫЙ-КРУАССАН-23" if who == "long" else "ABCD2345"
    return {
        "it": it, "code": words.invited.code_shown(code), "other": who == "other",
        "standing": who if who in ("own", "member") else "guest", "hrefs": DOORS | {"join": "/x"},
        "ways": {"locale": {"ru": "/x", "en": "/x"},
                 "theme": {"system": "/x", "light": "/x", "dark": "/x"}},
        "preview": {"page": "/x", "picture": "/x.png", "width": 1200, "height": 630},
    }  # fmt: skip


NAMES = "password claim staff again other code recover customer back sign_in home"
DOORS = {key: f"/{key}" for key in NAMES.split()}


def door(**extra: Any) -> Callable[[str], Values]:
    """A form of the entrance; `broken` shows it refused."""

    def values(who: str) -> Values:
        wrong = "Код не подошёл. Проверьте цифры или запросите новый." if who == "broken" else ""
        return {
            "action": "/x", "value": "", "error": wrong, "hrefs": DOORS,
            "along": {"next": "/home", "i": None}, "note": None,
            "contact": "+7 ••• •• 44 17", "sent": False, "dead": False,
            "values": {"code": "", "contact": ""}, "errors": {"code": wrong, "contact": ""},
            "wait": 0, **extra,
        }  # fmt: skip

    return values


def join(who: str) -> Values:
    wrong = "Без этого мы не сможем считать баллы." if who == "broken" else ""
    boxes = [
        {"name": "consent-programme", "text": "Согласен, чтобы мои покупки хранили",
         "required": True, "ticked": False, "error": wrong},
        {"name": "consent-news", "text": "Сообщать мне новости", "required": False,
         "ticked": True, "error": ""},
    ]  # fmt: skip
    came = CodeField("ABCD2345", applied=True) if who == "full" else CodeField("", ended=True)
    return {**door()(who), "name": "", "boxes": boxes, "error": "", "invited": came}


def failure(code: int) -> Scene:
    retry = 40 if code == 429 else 0
    values = {"code": code, "detail": "", "retry": retry}
    return Scene("errors/error.html", lambda _: values)


def year(who: str) -> Values:
    scene = people.YEARS.get(who, people.YEAR)
    hrefs = {"home": "/home", "leave": "/home", "still": "/year?who=still"}
    return {"scene": scene, "still": who == "still", "hrefs": hrefs}


def shop(_who: str) -> Values:
    return {
        "step": 1, "action": "/x", "errors": {}, "brand": brand_of("#FFD84D"),
        "values": {"name": "", "colour": "#FFD84D", "locale": "ru", "currency": "RUB",
                   "zone": "Europe/Moscow", "worth": "1", "pending_days": "14"},
        "languages": [("ru", "Русский"), ("en", "English")],
        "currencies": [("RUB", "₽ RUB"), ("EUR", "€ EUR")],
        "zones": [("Europe/Moscow", "Europe/Moscow"), ("Asia/Almaty", "Asia/Almaty")],
    }  # fmt: skip


def setup_tiers(who: str) -> Values:
    names = (people.ROSTOK, people.LIST, people.VETV, people.VENOK)
    wrong = {"rate": "Ставка больше, чем у следующего уровня."} if who == "broken" else {}
    rows = [
        {"name_ru": n.names["ru"], "name_en": n.names["en"], "rate": rate, "need": need,
         "metal": metal, "errors": wrong if rate == "5" else {}}
        for n, rate, need, metal in zip(
            names, ("3", "5", "7", "10"), ("0", "2000", "5000", "10000"),
            ("clay", "leaf", "gold", "onyx"), strict=True)
    ]  # fmt: skip
    presets = [
        {"code": "calm", "title": "Спокойно", "line": "1 / 2 / 3 / 5 % баллами", "chosen": False},
        {"code": "cafe", "title": "Щедро", "line": "3 / 5 / 7 / 10 % баллами", "chosen": True},
        {"code": "one", "title": "Один уровень", "line": "5 % баллами всем", "chosen": False},
    ]
    return {"step": 2, "action": "/x", "rows": rows, "presets": presets, "currency": "RUB",
            "error": "", "hrefs": DOORS}  # fmt: skip


def upload(_who: str) -> Values:
    profiles = ["", "online_retail", "complete_journey", "x5_retailhero"]
    return {"step": 3, "action": "/x", "profiles": [words.files.profile_pair(p) for p in profiles],
            "values": {"profile": ""}, "errors": {}, "limit_mb": 200, "kept": {}, "run": None,
            "hrefs": {"back": "/x", "skip": "/x"}}  # fmt: skip


def preview(_who: str) -> Values:
    return {"step": 3, "action": "/x", "preview": people.PREVIEW, "people": None, "looked": True,
            "error": "", "hrefs": DOORS}  # fmt: skip


def live(who: str) -> Values:
    done = {"members": 4_372, "receipts": 22_190, "points": 812_480, "medals": 9_114,
            "rejected": 12, "rejects": [("purchases", "/x")], "known": 0, "parked": 0,
            "people": None}  # fmt: skip
    hrefs = dict.fromkeys(("codes", "till", "invite", "console"), "/x")
    nothing = dict.fromkeys(done, 0)
    return {"step": 4, "later": False, "done": nothing if who == "empty" else done, "hrefs": hrefs}


def find(who: str) -> Values:
    hits = {"full": people.STAFF_ROWS, "broken": ()}.get(who)
    query = "4417" if hits is not None else ""
    return {"query": query, "hits": hits, "error": "", "action": "/find",
            "slip_href": lambda public_id: f"/slip/{public_id}",
            "member_href": lambda public_id: "/member"}  # fmt: skip


def slip(_who: str) -> Values:
    paper = ActivationSlip("7K2F-9QXM", people.STAFF_ROWS[0], people.NOON)
    return {"slip": paper, "hrefs": {"find": "/find", "claim_url": "club.example/claim"}}


def design(_who: str) -> Values:
    ways = [("ru", "light", "/design"), ("en", "dark", "/design?lang=en&theme=dark")]
    return {"it": shown(), "choices": ways}


def celebrate(who: str) -> Values:
    """One medal, a tier with medals, or many at once."""
    prizes = [Prize(tile, 50 * tile.level) for tile in people.NEW_MEDALS]
    told = {
        "full": (prizes[:1], None),
        "champion": (prizes, people.TIER),
        "many": (prizes * 4, None),
    }
    medals, tier = told.get(who, told["full"])
    won = (contests.WON,) if who in ("won", "many") else ()
    prizes_shown = () if who == "won" else tuple(medals)
    scene = Celebration("Анна", prizes_shown, tier, (), "RUB", 1, won)
    shown = words.celebration.scene_words(scene, "/medals", "/challenges")
    return {"scene": shown, "home_href": "/home"}


def keys(who: str) -> Values:
    """The list of keys; `off` while single ones are switched off."""
    return {
        "groups": words.keys.key_groups(member=True), "looks_href": "/settings-looks",
        "off": "Отдельные клавиши выключены." if who == "off" else "",
    }  # fmt: skip


def inbox(who: str) -> Values:
    told = [
        InboxRow(4, "medal", {"medal": "early_bird", "level": 2}, None, people.NOON, True),
        InboxRow(3, "tier_reached", {}, people.VETV, people.NOON, True),
        InboxRow(2, "returned", {"clawed_back": 181, "amount": -180_000}, None, people.NOON, False),
        InboxRow(1, "expiring", {"points": 320, "on": "2025-11-30"}, None, people.NOON, False),
    ]
    told[1:1] = [
        InboxRow(10, "challenge_invitation", posts.MESSAGE, None, people.NOON, True),
        InboxRow(9, "medal", {"medal": "explorer", "level": 3}, None, people.NOON, True),
        InboxRow(8, "medal", {"medal": "saver", "level": 1}, None, people.NOON, False),
    ]
    told[-1] = told[-1]._replace(at=people.NOON - timedelta(days=1))
    days = [
        (day.title, [(it, "/history") for it in day.letters])
        for day in words.inbox.inbox_days(told, "RUB", people.TODAY)
    ]
    return {
        "days": [] if who == "empty" else days, "more_href": "/inbox?before=1.1",
        "home_href": "/home",
    }  # fmt: skip


SCENES: dict[str, Scene] = {
    "friends": Scene("cabinet/friends.html", circle.friends, "friends"),
    "friends-appeal": Scene("cabinet/friends_appeal.html", circle.appeal, "friends"),
    "friends-past": Scene("cabinet/friends_past.html", circle.past, "friends"),
    "friends-qr": Scene("cabinet/friends_qr.html", circle.large, "friends"),
    "year": Scene("cabinet/year.html", year),
    "setup-shop": Scene("setup/shop.html", shop),
    "setup-tiers": Scene("setup/tiers.html", setup_tiers),
    "setup-upload": Scene("setup/upload.html", upload),
    "setup-preview": Scene("setup/preview.html", preview),
    "setup-live": Scene("setup/live.html", live),
    "find": Scene("staff/find.html", find, "find", staff=True),
    "member": Scene("staff/member.html", desks.member, "find", staff=True),
    "slip": Scene("staff/slip.html", slip, "find", staff=True),
    "console": Scene("console/overview.html", overviews.overview, "console", staff=True),
    "console-people": Scene("console/people.html", overviews.people_list, "console", staff=True),
    "console-points": Scene("console/points.html", overviews.postings, "console", staff=True),
    "segments": Scene("console/segments.html", overviews.segments, "segments", staff=True),
    "list": Scene("console/list.html", overviews.list_form, "segments", staff=True),
    "list-report": Scene("console/list_report.html", overviews.list_report, "segments", True),
    "segment": Scene("console/segment.html", overviews.segment, "segments", staff=True),
    "landing": Scene("public/landing.html", landing),
    "invitation": Scene("public/invitation.html", invitation),
    "sign-in": Scene("entrance/sign_in.html", door()),
    "code": Scene("entrance/code.html", door()),
    "code-wait": Scene("entrance/code.html", door(wait=41)),
    "password": Scene("entrance/password.html", door()),
    "staff": Scene("entrance/staff.html", door()),
    "recover": Scene("entrance/recover.html", door()),
    "recover-sent": Scene("entrance/recover.html", door(sent=True)),
    "new-password": Scene("entrance/new_password.html", door()),
    "join": Scene("entrance/join.html", join),
    "begin": Scene("entrance/begin.html", door(errors={"email": "", "password": ""})),
    "claim": Scene("entrance/claim.html", door()),
    **{f"error-{code}": failure(code) for code in (400, 403, 404, 413, 422, 429, 500)},
    "home": Scene("cabinet/home.html", home, "home"),
    "tiers": Scene("cabinet/tiers.html", gardens.tiers, "tiers"),
    "herbarium": Scene("cabinet/herbarium.html", gardens.herbarium, "herbarium"),
    "herbarium-leaf": Scene("cabinet/herbarium_leaf.html", gardens.one_leaf, "herbarium"),
    "history": Scene("cabinet/history.html", history, "history"),
    "welcome": Scene("cabinet/welcome.html", welcome),
    "offline": Scene("public/offline.html", pocket),
    "offline-card": Scene("cabinet/card.html", offline_card, "card"),
    "card": Scene("cabinet/card.html", card, "card"),
    "medals": Scene("cabinet/medals.html", boards.board_values, "medals"),
    "medal": Scene("cabinet/medal.html", boards.medal_values, "medals"),
    "shelf": Scene("cabinet/shelf.html", shelves.own, "medals"),
    "share": Scene("cabinet/share.html", shelves.share, "medals"),
    "shelf-seen": Scene("public/shelf.html", shelves.seen),
    "shelf-medal": Scene("public/shown_medal.html", shelves.medal),
    **{
        f"settings-{name}".strip("-").replace("_", "-"): Scene(
            f"cabinet/settings/{name or 'overview'}.html", values, "settings"
        )
        for name, values in prefs.SECTIONS.items()
    },
    "challenges": Scene("cabinet/challenges.html", contests.all_values, "challenges"),
    "challenge": Scene("cabinet/challenge.html", contests.one_values, "challenges"),
    "celebrate": Scene("cabinet/celebrate.html", celebrate, "home"),
    "keys": Scene("cabinet/keys.html", keys, "keys"),
    "inbox": Scene("cabinet/inbox.html", inbox, "inbox"),
    "design": Scene("console/design.html", design, "setup", staff=True),
    "desk-challenges": Scene("console/challenges.html", quests.list_values, "challenges", True),
    "desk-challenge": Scene(
        "console/challenge_builder.html", quests.draft_values, "challenges", True
    ),
    "desk-challenge-rehearsal": Scene(
        "console/challenge_rehearsal.html", quests.rehearsal_values, "challenges", True
    ),
    "desk-challenge-terms": Scene(
        "console/challenge_terms.html", quests.terms_values, "challenges", True
    ),
    "desk-challenge-live": Scene(
        "console/challenge_monitor.html", quests.monitor_values, "challenges", True
    ),
    "messages": Scene("console/messages.html", posts.messages, "messages", staff=True),
    "message": Scene("console/message.html", posts.message, "messages", staff=True),
    "unsubscribe": Scene("public/unsubscribe.html", posts.unsubscribe),
    **{
        name: Scene(template, values, current, staff=True)
        for name, (template, values, current) in (desks.PAGES | owners.PAGES).items()
    },
    "rehearsals": Scene("console/rehearsal_rule.html", rehearsed.rule, "rehearsals", True),
    "rehearsals-tiers": Scene("console/rehearsal_tiers.html", rehearsed.tiers, "rehearsals", True),
}
