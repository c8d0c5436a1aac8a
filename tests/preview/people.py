"""Invented members of café «Полдень», as the pages would get them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from gamification.readmodels.views import (
    ConsoleView,
    ExpiringLot,
    GraceNote,
    HistoryDay,
    HistoryPage,
    HomeView,
    ImportNote,
    MedalTile,
    Named,
    NewsLine,
    NextStep,
    NextTier,
    OperationRow,
    PassCard,
    PendingLot,
    StaffMember,
    TierCard,
    WhyLine,
    YearMonth,
    YearScene,
)
from webapp.console.previews import ColumnGuess, ImportPreview

TODAY = date(2025, 11, 22)
NOON = datetime(2025, 11, 22, 9, 12, tzinfo=UTC)
ROSTOK = Named("sprout", {"ru": "Росток", "en": "Sprout"})
LIST = Named("leaf", {"ru": "Лист", "en": "Leaf"})
VETV = Named("branch", {"ru": "Ветвь", "en": "Branch"})
VENOK = Named("wreath", {"ru": "Венок", "en": "Wreath"})
HAPPY = Named("happy", {"ru": "Счастливый час", "en": "Happy hour"})
COFFEE = Named("coffee", {"ru": "Кофе", "en": "Coffee"})
CARDS = Named("gift_cards", {"ru": "Подарочные карты", "en": "Gift cards"})
BIG = Named("big", {"ru": "Большой чек", "en": "Big receipt"})


def base(points: str, amount: int, rate: int = 700, tier: Named = VETV) -> WhyLine:
    return WhyLine("base_rate", Decimal(points), tier=tier, rate_bp=rate, amount_minor=amount)


BOUGHT = OperationRow(
    "p1", "purchase", NOON, 134, "pending", amount_minor=120_000, place="Чистые пруды",
    receipt="441-0092", arrives_on=date(2025, 12, 6),
    why=(
        base("84", 120_000),
        WhyLine("multiplier", Decimal("50.4"), rule=HAPPY, times_pct=160,
                from_minute=540, to_minute=600),
        WhyLine("threshold_missed", None, rule=BIG, need_minor=250_000, short_minor=130_000),
        WhyLine("rounding", Decimal("-0.4")),
    ),
)  # fmt: skip
NOTHING = OperationRow(
    "p2", "purchase", NOON - timedelta(days=2, hours=-7), 0, "none", amount_minor=100_000,
    place="Маросейка", receipt="441-0055",
    why=(WhyLine("excluded", Decimal(0), category=CARDS, amount_minor=100_000),),
)  # fmt: skip
ROWS = (
    BOUGHT,
    OperationRow("m1", "medal", NOON - timedelta(days=1), 50, "pending", medal="early_bird",
                 level=2, arrives_on=date(2025, 12, 5),
                 why=(WhyLine("medal", Decimal(50), medal="early_bird", level=2),)),
    OperationRow("s1", "spend", NOON - timedelta(days=2), -290, "spent", place="Чистые пруды",
                 why=(WhyLine("spend", Decimal(-290)),)),
    NOTHING,
    OperationRow("r1", "return", NOON - timedelta(days=9), -181, "returned",
                 amount_minor=-180_000, place="Маросейка",
                 why=(WhyLine("clawback", Decimal(-221), amount_minor=180_000),
                      WhyLine("written_off", Decimal(40)))),
    OperationRow("p3", "purchase", NOON - timedelta(days=12), 500, "available",
                 amount_minor=890_050, place="Чистые пруды", expires_on=date(2026, 11, 24),
                 why=(base("623.035", 890_050),
                      WhyLine("cap", Decimal("-123"), cap=500),
                      WhyLine("rounding", Decimal("-0.035")))),
    OperationRow("e1", "expiry", NOON - timedelta(days=21), -60, "expired",
                 why=(WhyLine("expiry", Decimal(-60), on=date(2025, 10, 31)),)),
    OperationRow("o1", "opening", NOON - timedelta(days=380), 1200, "available",
                 why=(WhyLine("opening_balance", Decimal(1200)),)),
)  # fmt: skip

NEW_MEDALS = (
    MedalTile("early_bird", 2, "earned", 10, 10, date(2025, 11, 21), fresh=True),
    MedalTile("explorer", 3, "earned", 12, 12, date(2025, 11, 18)),
    MedalTile("weekly_rhythm", 1, "earned", 4, 4, date(2025, 11, 12)),
)
NEAR_MEDALS = (
    MedalTile("night_owl", 2, "under_way", 5, 7),
    MedalTile("saver", 2, "under_way", 2_480, 3_000),
)
TIER = TierCard(VETV, 3, 4, 700, 48, NextTier(VENOK, 1000, 260_000, date(2025, 12, 31)))
CARD = PassCard("441702829136", "Анна Соколова", "LC1:441702829136:7K2F")

ANNA = HomeView(
    first_name="Анна", today=TODAY, hour=14, currency="RUB",
    news=NewsLine("near_medal", medal=NEAR_MEDALS[0]), tier=TIER, balance=2_480,
    worth_minor=248_000,
    pending=(PendingLot(46, date(2025, 12, 5)), PendingLot(134, date(2025, 12, 6))),
    expiring=(ExpiringLot(320, date(2025, 11, 30), 8),), card=CARD,
    step=NextStep("medal", medal=NEAR_MEDALS[0]), medals_earned=9, medals_all=16,
    new_medals=NEW_MEDALS, near_medals=NEAR_MEDALS, operations=ROWS[:4], purchases=61,
)  # fmt: skip
NEWCOMER = HomeView(
    first_name="Тимур", today=TODAY, hour=9, currency="RUB", news=NewsLine("welcome"),
    tier=TierCard(ROSTOK, 1, 4, 300, 0, NextTier(LIST, 500, 200_000)), balance=0, worth_minor=0,
    pending=(), expiring=(), card=replace(CARD, number="441700000021", holder="Тимур А."),
    step=NextStep("first_purchase"), medals_earned=0, medals_all=16, new_medals=(),
    near_medals=(MedalTile("first_purchase", 1, "not_started", 0, 1),), operations=(), purchases=0,
)  # fmt: skip
CHAMPION = HomeView(
    first_name="Вероника-Александра", today=TODAY, hour=20, currency="RUB",
    news=NewsLine("arriving", points=12_500, on=date(2025, 11, 24)),
    tier=TierCard(VENOK, 4, 4, 1000, 100, valid_until=date(2026, 9, 30)), balance=128_480,
    worth_minor=12_848_000, pending=(PendingLot(12_500, date(2025, 11, 24)),), expiring=(),
    card=replace(CARD, number="4417028291364417",
                 holder="Вероника-Александра Константинопольская"),
    step=NextStep("expiring", points=320, on=date(2025, 11, 30), days_left=8),
    medals_earned=16, medals_all=16,
    new_medals=(MedalTile("regular", 4, "earned", 300, 300, date(2025, 11, 20)),
                MedalTile("welcome_back", 5, "earned", 1, 1, date(2025, 11, 3)),
                MedalTile("saver", 3, "earned", 10_000, 10_000, date(2025, 10, 2))),
    near_medals=(), operations=ROWS[:3], purchases=612,
)  # fmt: skip
GRACE = replace(
    ANNA, hour=2, tier=replace(TIER, number=2, name=LIST, rate_bp=500, filled_pct=40,
                               grace=GraceNote(2_200_000, date(2026, 4, 9), ROSTOK)),
    step=NextStep("tier", tier=VENOK, missing_minor=40_000, rate_bp=1000),
)  # fmt: skip
BROKEN = replace(
    ANNA, failed=frozenset({"medals", "operations"}), new_medals=(), near_medals=(), operations=(),
    tier=replace(TIER, number=1, name=ROSTOK, filled_pct=10),
)  # fmt: skip
HOMES = {
    "full": ANNA, "empty": NEWCOMER, "champion": CHAMPION, "grace": GRACE, "broken": BROKEN,
    "nearly": ANNA,
}  # fmt: skip


def days(rows: tuple[OperationRow, ...]) -> tuple[HistoryDay, ...]:
    dates = sorted({row.at.date() for row in rows}, reverse=True)
    return tuple(HistoryDay(on, tuple(r for r in rows if r.at.date() == on)) for on in dates)


HISTORIES = {
    "full": HistoryPage("all", TODAY, "RUB", 2_480, 184, days(ROWS), after="x"),
    "empty": HistoryPage("all", TODAY, "RUB", 0, 0, ()),
    "champion": HistoryPage("expiring", TODAY, "RUB", 128_480, 0, ()),
    "grace": HistoryPage("pending", TODAY, "RUB", 2_480, 184, days(ROWS[:2])),
    "broken": HistoryPage("all", TODAY, "RUB", 2_480, 184, (), failed=True),
}
MONTHS = tuple(
    YearMonth(date(2024 + (11 + i) // 12, (11 + i) % 12 + 1, 1), bought, bought * 41, medals)
    for i, (bought, medals) in enumerate(
        [
            (3, (MedalTile("first_purchase", 1, "earned"),)),
            (5, (MedalTile("second_visit", 1, "earned"),)),
            (2, ()),
            (7, (MedalTile("weekly_rhythm", 1, "earned"), MedalTile("explorer", 1, "earned"))),
            (0, ()),
            (4, (MedalTile("early_bird", 1, "earned"),)),
            (9, (MedalTile("regular", 2, "earned"),)),
            (6, ()),
            (3, (MedalTile("full_basket", 1, "earned"),)),
            (8, (MedalTile("night_owl", 1, "earned"),)),
            (5, (MedalTile("saver", 2, "earned"),)),
            (9, (MedalTile("weekender", 2, "earned"),)),
        ]
    )
)
YEAR = YearScene(
    "Анна", TODAY, "RUB", MONTHS, 61, 4_372_000, date(2023, 4, 2),
    tuple(tile for month in MONTHS for tile in month.medals), TIER, 2_480, 248_000, 184,
)  # fmt: skip
YEARS = {
    "full": YEAR,
    "empty": replace(YEAR, first_name=None, months=MONTHS[:2], purchases=2, medals=MONTHS[0].medals,
                     spent_minor=120_000, balance=24, worth_minor=2_400, pending_points=0),
}  # fmt: skip
STAFF_ROWS = (
    StaffMember("01J", "Анна С.", "4417", "a•••@mail.ru", "9136", VETV, 3, 2_480, False, 61,
                date(2025, 11, 22)),
    StaffMember("02J", None, None, None, "0021", ROSTOK, 1, 0, True, 0),
)  # fmt: skip
CONSOLE = ConsoleView(
    TODAY, "RUB", 9_310, 412, 1_912_480, 1_100_200, 812_280, 81_228_000, 3,
    ImportNote(NOON, "online_retail", 541_909, 12, date(2025, 11, 21)), STAFF_ROWS,
)  # fmt: skip
PREVIEW = ImportPreview(
    file="online_retail.csv", profile="online_retail",
    profiles=("", "online_retail", "complete_journey", "x5_retailhero"),
    headers=("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"),
    columns=(
        ColumnGuess("customer", "CustomerID", "17850"),
        ColumnGuess("receipt", "InvoiceNo", "536365"),
        ColumnGuess("moment", "InvoiceDate", "01.12.2010 8:26"),
        ColumnGuess("sku", "StockCode", "85123A"),
        ColumnGuess("quantity", "Quantity", "6"),
        ColumnGuess("price", None),
        ColumnGuess("store", None, required=False),
    ),
    sample=(("536365", "85123A", "6", "01.12.2010 8:26", "2,55", "17850"),
            ("536365", "71053", "6", "01.12.2010 8:26", "3,39", "17850")),
    rows=541_909, receipts=22_190, returns=3_654, members=4_372, rejected=12,
    sales_minor=830_006_540, currency="GBP", points=812_480, first_on=date(2010, 12, 1),
    last_on=date(2011, 12, 9), reasons=(("not_a_date", 9), ("not_a_number", 3)),
)  # fmt: skip
