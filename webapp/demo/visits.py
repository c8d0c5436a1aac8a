"""When guests come and what they take home: a year of receipts, from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gamification.commands.till import Receipt, ReceiptLine
from webapp.demo.guests import Guest
from webapp.demo.menu import basket, office_order

ZONE = "Europe/Moscow"
MOSCOW = ZoneInfo(ZONE)
DAYS = 392
"""A year and four weeks, so that the oldest points have just begun to burn."""
CAFES = ("Чистые пруды", "Покровка", "Маросейка")
WEEKDAY_HOURS = ((8, 26), (9, 22), (10, 8), (12, 9), (13, 14), (15, 8), (16, 9), (18, 12), (20, 4))
WEEKEND_HOURS = ((9, 8), (10, 18), (11, 24), (12, 20), (13, 14), (15, 10), (17, 8), (19, 4))
ONLINE_HOURS = ((10, 8), (13, 10), (17, 10), (20, 18), (21, 16), (22, 14), (23, 8))


@dataclass(frozen=True, slots=True)
class Visit:
    """A receipt of a guest, in time order with all others."""

    at: datetime
    guest: Guest
    receipt: Receipt


def tell_visits(draw: random.Random, guests: list[Guest], now: datetime) -> list[Visit]:
    """Every purchase of the story up to now, oldest first."""
    found = [
        (moment, guest, online)
        for guest in guests
        for moment, online in moments_of(draw, guest, now)
    ]
    found.sort(key=lambda one: (one[0], one[1].number))
    homes = {guest.number: draw.choice(CAFES) for guest in guests}
    return [
        Visit(moment, guest, purchase(draw, number, moment, homes[guest.number], online))
        for number, (moment, guest, online) in enumerate(found, 1)
    ]


def moments_of(draw: random.Random, guest: Guest, now: datetime) -> Iterator[tuple[datetime, bool]]:
    """When somebody comes, and whether by the site."""
    today, habit = now.astimezone(MOSCOW).date(), guest.habit
    days = [
        today - timedelta(days=ago)
        for ago in range(min(guest.joined_days_ago, DAYS - 1), -1, -1)
        if habit.away is None or not habit.away[0] <= ago < habit.away[1]
    ]
    if not days:
        return
    share = len(days) / DAYS if habit.away is None else 1
    count = max(1, round(draw.randint(*habit.visits) * share)) if habit.visits[1] else 0
    first = days[0]
    for number in range(count):
        day = first if number == 0 else likely_day(draw, days, habit.weekend)
        online = draw.randrange(100) < habit.online
        moment = datetime.combine(day, minute_of_day(draw, day, online), MOSCOW)
        if moment < now - timedelta(minutes=5):
            yield moment, online


def likely_day(draw: random.Random, days: list[date], weekend: int) -> date:
    """A day of the right part of the week, where there is one."""
    wanted = draw.randrange(100) < weekend
    day = draw.choice(days)
    for _ in range(6):
        if (day.isoweekday() >= 6) == wanted:
            break
        day = draw.choice(days)
    return day


def minute_of_day(draw: random.Random, day: date, online: bool) -> time:
    """A time at which a café, or a site, has guests."""
    hours = ONLINE_HOURS if online else WEEKEND_HOURS if day.isoweekday() >= 6 else WEEKDAY_HOURS
    hour = draw.choices([h for h, _ in hours], weights=[w for _, w in hours])[0]
    return time(hour, draw.randrange(60), draw.randrange(60))


def purchase(
    draw: random.Random, number: int, moment: datetime, home: str, online: bool
) -> Receipt:
    """The receipt of a visit."""
    weekday, minute = moment.isoweekday(), moment.hour * 60 + moment.minute
    if not online and weekday < 6 and draw.randrange(100) < 1:
        lines = office_order(draw)
    else:
        lines = basket(draw, minute, weekend=weekday >= 6, online=online)
    cafe = home if draw.randrange(100) < 78 else draw.choice(CAFES)
    return Receipt(
        type="purchase",
        source="site" if online else "till",
        external_id=f"W{number:06d}" if online else f"{CAFES.index(cafe) + 1}-{number:06d}",
        occurred_at=moment,
        zone=ZONE,
        total=sum(line.amount for line in lines),
        lines=tuple(lines),
        store=None if online else cafe,
        channel="online" if online else "shop",
        operator=None if online else f"till-{CAFES.index(cafe) + 1}",
    )


def bring_back(draw: random.Random, visit: Visit, now: datetime) -> Visit | None:
    """A return of a purchase, whole or of one line, some days later; None if not yet."""
    bought = visit.receipt
    moment = visit.at + timedelta(days=draw.randint(0, 6), hours=draw.randint(1, 3))
    if moment.hour >= 22 or moment >= now - timedelta(minutes=5):
        return None
    whole = draw.randrange(100) < 40 or len(bought.lines) == 1
    number, line = draw.choice(list(enumerate(bought.lines, 1)))
    lines = tuple(taken_back(x, n) for n, x in enumerate(bought.lines, 1))
    if not whole:
        lines = (taken_back(line, number),)
    receipt = Receipt(
        type="return",
        source=bought.source,
        external_id=f"R-{bought.external_id}",
        occurred_at=moment,
        zone=ZONE,
        total=sum(x.amount for x in lines),
        lines=lines,
        names_id=bought.external_id,
        whole=whole,
        store=bought.store,
        channel=bought.channel,
    )
    return Visit(moment, visit.guest, receipt)


def taken_back(line: ReceiptLine, number: int) -> ReceiptLine:
    """The whole of a purchase's line, given back."""
    return ReceiptLine(line.sku, line.category, -line.quantity, -line.amount, line_no=number)
