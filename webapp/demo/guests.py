"""Who comes to café «Полдень»: three hundred invented people, each with habits."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

WOMEN_NAMES = (
    "Анна Мария Ольга Елена Наталья Ирина Светлана Дарья Полина Вера Софья Ксения Алина Юлия"
    " Екатерина Татьяна Виктория Маргарита Алёна Зоя Лидия Надежда Варвара Ульяна Кира"
)
MEN_NAMES = (
    "Алексей Дмитрий Иван Сергей Михаил Павел Николай Андрей Артём Кирилл Егор Фёдор Тимур"
    " Глеб Роман Денис Илья Матвей Руслан Георгий Степан Лев Марк Олег Виктор"
)
FAMILY_NAMES = (
    "Соколов Лебедев Козлов Новиков Морозов Петров Волков Соловьёв Васильев Зайцев Павлов Семёнов"
    " Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов Беляев Тарасов Белов Комаров Орлов"
    " Киселёв Макаров Андреев Ковалёв Ильин Гусев Титов Кузьмин Кудрявцев Баранов Куликов Алексеев"
    " Степанов Яковлев Сорокин Сергеев Романов Захаров Борисов Королёв Герасимов Пономарёв"
)
FOREIGN_NAMES = (
    "Emma Clarke, Oliver Hughes, Sofia Rossi, Lucas Meyer, Chloe Bernard, Noah Evans, Mia Larsen,"
    " Daniel Novak, Grace Murphy, Hugo Silva, Ella Thompson, Leon Fischer"
)
WOMEN, MEN, SURNAMES = (tuple(names.split()) for names in (WOMEN_NAMES, MEN_NAMES, FAMILY_NAMES))
VISITORS = tuple(FOREIGN_NAMES.split(", "))
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya"
LETTERS = dict(zip(CYRILLIC, LATIN.split(), strict=True))


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of guest lives: visits a year, and when in the year they come at all.

    `away` is a span of days before today without a visit, `online` and `weekend`
    are chances in a hundred; `claimed`: they have signed in before.
    """

    name: str
    share: int
    visits: tuple[int, int]
    online: int = 8
    weekend: int = 30
    away: tuple[int, int] | None = None
    joined: tuple[int, int] = (300, 390)
    claimed: bool = False


HABITS = (
    Habit("regular", 11, (60, 124), online=6, weekend=14),
    Habit("weekender", 14, (18, 40), online=12, weekend=92),
    Habit("lapsed", 15, (10, 26), away=(0, 150)),
    Habit("returning", 10, (14, 26), away=(70, 170)),
    Habit("occasional", 38, (3, 13), online=16, joined=(120, 390)),
    Habit("newcomer", 12, (3, 12), joined=(6, 60)),
)
AVERAGE = Habit("average", 0, (17, 17), online=12, weekend=30, joined=(380, 380), claimed=True)
CHAMPION = Habit("champion", 0, (215, 215), online=14, weekend=24, joined=(391, 391), claimed=True)
NEW = Habit("new", 0, (0, 0), joined=(0, 0))
UNCLAIMED = Habit("unclaimed", 0, (46, 46), online=10, weekend=35, joined=(388, 388))


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in the story; the number is their place in it."""

    number: int
    external_id: str
    name: str
    phone: str
    email: str
    card: str
    birthday: date | None
    locale: str
    joined_days_ago: int
    habit: Habit

    @property
    def wants_news(self) -> bool:
        """Whether they agreed to news and offers: two of three did, no chance is drawn."""
        return self.number % 3 != 0

    @property
    def city(self) -> str:
        """Where they live: most in Moscow, some near it, a few say nothing; no chance is drawn."""
        if self.number % 13 == 5:
            return ""
        return NEARBY.get(self.number % 7, "Москва")


NEARBY = {2: "Химки", 4: "Королёв", 6: "Химки"}
DOCUMENTED = 11
"""The guest who is the member of the API's examples, so that these can be tried in the demo."""

MAIN = (
    ("Тимур Ахметов", NEW),
    ("Анна Соколова", AVERAGE),
    ("Вероника Белова", CHAMPION),
    ("Павел Морозов", UNCLAIMED),
)
"""The people whose sign-ins are printed."""


def invent_guests(draw: random.Random, today: date, count: int = 300) -> list[Guest]:
    """The four whose sign-ins are printed, and the others by the shares of their habits."""
    guests = [
        guest_of(draw, number, name, habit, today) for number, (name, habit) in enumerate(MAIN)
    ]
    habits = [habit for habit in HABITS for _ in range(habit.share)]
    visitors = iter(VISITORS)
    for number in range(len(guests), count):
        habit = habits[(number * 37) % len(habits)]
        name = next(visitors, "") if number % 24 == 7 else ""
        guests.append(guest_of(draw, number, name or russian_name(draw), habit, today))
    return guests


def russian_name(draw: random.Random) -> str:
    """A first name and a surname that agree."""
    surname = draw.choice(SURNAMES)
    if draw.randrange(100) < 58:
        return f"{draw.choice(WOMEN)} {surname}а"
    return f"{draw.choice(MEN)} {surname}"


def guest_of(draw: random.Random, number: int, name: str, habit: Habit, today: date) -> Guest:
    """A guest with contacts that lead nowhere: example.* domains, phones of no one's."""
    latin = "".join(LETTERS.get(letter, letter) for letter in name.lower()).replace("-", "")
    domain = draw.choice(("example.com", "example.org", "example.net"))
    born = today - timedelta(days=draw.randrange(18 * 365, 66 * 365))
    guest = Guest(
        number=number,
        external_id=f"P{10_000 + number}",
        name=name,
        phone=f"+7000000{number:04d}",
        email=f"{'.'.join(latin.split())}.{number}@{domain}" if number > 3 else MAIN_EMAILS[number],
        card=f"4417{draw.randrange(10_000):04d}{number:04d}",
        birthday=born if draw.randrange(100) < 70 else None,
        locale="en" if name in VISITORS else "ru",
        joined_days_ago=draw.randint(*habit.joined),
        habit=habit,
    )
    if number != DOCUMENTED:
        return guest
    return replace(guest, external_id="13085", phone="+79161234567", card="4600123456789")


MAIN_EMAILS = (
    "timur@example.com",
    "anna@example.com",
    "veronika@example.com",
    "pavel@example.com",
)
