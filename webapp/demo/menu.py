"""What café «Полдень» sells: goods with prices in roubles, and baskets like people's."""

import random
from dataclasses import dataclass

from gamification.commands.till import ReceiptLine


@dataclass(frozen=True, slots=True)
class Good:
    """Something on the menu; `weight` is how often it is chosen among its kind."""

    sku: str
    category: str
    roubles: int
    weight: int = 10


COFFEE, TEA, PASTRY, DESSERT = "Кофе", "Чай", "Выпечка", "Десерты"
BREAKFAST, BEANS, GIFT_CARDS = "Завтраки", "Зёрна", "Подарочные карты"


def kind(category: str, *goods: tuple[str, int, int]) -> tuple[Good, ...]:
    """Goods of one category, each as (sku, roubles, weight)."""
    return tuple(Good(sku, category, roubles, weight) for sku, roubles, weight in goods)


MENU: dict[str, tuple[Good, ...]] = {
    COFFEE: kind(
        COFFEE,
        ("espresso", 160, 6), ("americano", 190, 12), ("cappuccino", 250, 30),
        ("latte", 270, 16), ("flat-white", 290, 12), ("raf", 340, 10), ("filter", 230, 8),
        ("iced-latte", 310, 6),
    ),
    TEA: kind(TEA, ("black-tea", 210, 8), ("green-tea", 210, 6), ("buckthorn-tea", 290, 7)),
    PASTRY: kind(
        PASTRY,
        ("croissant", 180, 20), ("almond-croissant", 260, 10), ("cinnamon-bun", 220, 14),
        ("curd-pastry", 190, 10), ("cabbage-pie", 170, 6), ("brioche", 240, 6),
    ),
    DESSERT: kind(
        DESSERT,
        ("cheesecake", 360, 12), ("honey-cake", 320, 10), ("napoleon", 310, 8), ("eclair", 230, 8),
    ),
    BREAKFAST: kind(
        BREAKFAST,
        ("syrniki", 420, 14), ("porridge", 290, 10), ("omelette", 430, 8), ("shakshuka", 520, 7),
        ("avocado-toast", 560, 6),
    ),
    BEANS: kind(BEANS, ("ethiopia-250", 990, 4), ("colombia-250", 890, 5), ("drip-box", 690, 4)),
    GIFT_CARDS: kind(GIFT_CARDS, ("gift-1000", 1000, 5), ("gift-3000", 3000, 1)),
}  # fmt: skip

MORNING = ((COFFEE, 94), (PASTRY, 44), (BREAKFAST, 14), (TEA, 6))
DAYTIME = ((COFFEE, 76), (DESSERT, 22), (PASTRY, 22), (TEA, 18), (BREAKFAST, 6), (BEANS, 2))
WEEKEND = ((COFFEE, 84), (BREAKFAST, 38), (DESSERT, 24), (TEA, 18), (PASTRY, 24), (BEANS, 2))
ONLINE = ((BEANS, 34), (PASTRY, 40), (DESSERT, 30), (COFFEE, 40), (GIFT_CARDS, 4))


def basket(draw: random.Random, minute: int, *, weekend: bool, online: bool) -> list[ReceiptLine]:
    """One to six lines, as somebody would order at that time of the day."""
    likes = ONLINE if online else MORNING if minute < 11 * 60 and not weekend else DAYTIME
    if weekend and not online:
        likes = WEEKEND
    goods = [pick(draw, category) for category, chance in likes if draw.randrange(100) < chance]
    if draw.randrange(100) < 9:  # somebody came along
        goods += [pick(draw, COFFEE), pick(draw, draw.choice((PASTRY, DESSERT)))]
    if not goods:
        goods = [pick(draw, COFFEE)]
    return [line_of(draw, good) for good in goods[:6]]


def office_order(draw: random.Random) -> list[ReceiptLine]:
    """A big order for colleagues: fifteen lines or more."""
    count = draw.randint(15, 19)
    kinds = draw.choices((COFFEE, PASTRY, DESSERT, TEA), weights=(50, 30, 12, 8), k=count)
    return [line_of(draw, pick(draw, category), most=3) for category in kinds]


def pick(draw: random.Random, category: str) -> Good:
    """Something of a category, the popular more often."""
    goods = MENU[category]
    return draw.choices(goods, weights=[good.weight for good in goods])[0]


def line_of(draw: random.Random, good: Good, *, most: int = 1) -> ReceiptLine:
    """A line of a receipt; now and then with a discount, which the amount has already."""
    quantity = draw.randint(1, most) if most > 1 else 2 if draw.randrange(100) < 4 else 1
    full = good.roubles * 100 * quantity
    discount = 0
    if good.category == PASTRY and draw.randrange(100) < 12:
        discount = full // 5  # yesterday's pastry
    return ReceiptLine(
        sku=good.sku,
        category=good.category,
        quantity=quantity * 1000,
        amount=full - discount,
        discounts=(("yesterday", discount),) if discount else (),
    )
