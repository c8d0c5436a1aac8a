"""What a return takes, and from which purchase: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gamification.case import Act, Line, Rows
from gamification.points import kept_share
from gamification.refusals import GoodsDiffer, ReceiptClosed, ReturnsTooMuch


@dataclass(frozen=True, slots=True)
class LineMatch:
    """So many thousandths that a return's line takes from a purchase's line.

    `purchase_line` None means the unlisted rest of a receipt (delivery): `money` of it, in
    minor units, or all that is left.
    """

    return_line: int
    purchase: Act
    purchase_line: Line | None
    quantity: int
    money: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What went back of one purchase, and the basket that is kept."""

    amount: int
    points_back: int
    kept: list[tuple[str | None, int]]
    rest: int


def match_named(act: Act, purchase: Act, *, whole: bool, strict: bool) -> list[LineMatch]:
    """Match a return to the purchase it names, by line number or by sku.

    Where the goods stand on several lines, at several prices, the line whose price is nearest
    goes back first.

    Args:
        whole: everything that is left, whatever the lines say.
        strict: refuse what does not fit (a till); otherwise leave it unmatched (a file).
    Raises:
        ReceiptClosed: nothing is left of the purchase.
        ReturnsTooMuch: more than is left of a line.
        GoodsDiffer: the line that it names holds other goods.
    """
    if purchase.state not in ("counted", "partly_returned"):
        if strict:
            raise ReceiptClosed(receipt=purchase.external_id)
        return []
    if whole:
        lines = [x for x in purchase.lines if x.quantity_left]
        matches = [LineMatch(0, purchase, x, abs(x.quantity_left)) for x in lines]
        return [*matches, LineMatch(0, purchase, None, 1000)]
    left = {x.line_no: abs(x.quantity_left) for x in purchase.lines}
    matches, unmet = [], dict[int, int]()
    for line in act.lines:
        wanted = -line.quantity
        named = line.names_line
        for target in _nearest_first(line, purchase.lines):
            fits = target.line_no == named if named else target.sku == line.sku
            if strict and named and fits and line.sku and target.sku not in (line.sku, None):
                raise GoodsDiffer(line=named, sku=line.sku)
            part = min(wanted, left[target.line_no]) if fits and target.quantity > 0 else 0
            if part > 0:
                matches.append(LineMatch(line.line_no, purchase, target, part))
                left[target.line_no] -= part
                wanted -= part
        if wanted > 0 and strict:
            raise ReturnsTooMuch(sku=line.sku, line=named, over=wanted)
        unmet[line.line_no] = abs(wanted)
    if (money := min(_beyond_goods(act, matches, unmet), rest_left(purchase))) > 0:
        matches.append(LineMatch(0, purchase, None, 1000, money))
    return matches


def _nearest_first(line: Line, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a purchase, those of these goods by how near their price is."""
    if line.names_line or sum(x.sku == line.sku for x in lines) < 2:
        return lines
    return sorted(lines, key=lambda x: (x.sku != line.sku, _price_gap(line, x)))


def _price_gap(line: Line, target: Line) -> Fraction:
    """Minor units between what a piece costs on both lines."""
    if not line.quantity or not target.quantity:
        return Fraction(0)
    paid, asked = Fraction(target.amount, target.quantity), Fraction(line.amount, line.quantity)
    return abs(paid - asked) * 1000


def _at_its_price(line: Line, targets: Sequence[Line]) -> list[Line]:
    """The lines at a return's price, then those that differ as a third of a sum is rounded."""
    same = [x for x in targets if x.price == line.price]
    near = [x for x in targets if x.price != line.price and "/" in f"{line.price}{x.price}"]
    return [*same, *(x for x in near if _price_gap(line, x) <= 1)]


def rest_left(purchase: Act) -> int:
    """What is left of a purchase's money that stands on no line, in minor units."""
    return purchase.amount_left - sum(
        kept_share(x.amount, abs(x.quantity_left), abs(x.quantity)) for x in purchase.lines
    )


def rest_that_earns(purchase: Act, left: int, paid: int | None = None) -> int:
    """The same without what points paid of it.

    Args:
        left: minor units of the rest that are kept.
        paid: minor units of the whole rest that points paid; by default as it was judged.
    """
    if paid is None:
        paid = int((purchase.judged or {}).get("rest_paid", 0))
    return left - (kept_share(paid, left, _whole_rest(purchase)) if left else 0)


def _whole_rest(purchase: Act) -> int:
    return purchase.amount - sum(line.amount for line in purchase.lines)


def match_latest(act: Act, purchases: Iterable[Act]) -> list[LineMatch]:
    """Match an unnamed return by sku and price, latest purchase first.

    A third of 1,000.00 is 333.33: where a price does not divide evenly, one minor unit a piece
    is let pass.

    `purchases` are the member's kept ones that came before, latest first.
    Source: decisions, 11.
    """
    matches: list[LineMatch] = []
    wanted = {x.line_no: -x.quantity for x in act.lines if x.quantity < 0 and x.sku}
    left: dict[tuple[int, int], int] = {}
    for purchase in purchases:
        if not any(wanted.values()):
            break
        by_sku: dict[str | None, list[Line]] = {}
        for target in purchase.lines:
            if target.quantity_left > 0:
                by_sku.setdefault(target.sku, []).append(target)
        for line in act.lines:
            for target in _at_its_price(line, by_sku.get(line.sku, ())):
                key = (purchase.id, target.line_no)
                have = left.get(key, target.quantity_left)
                part = min(wanted.get(line.line_no, 0), have)
                if part > 0:
                    matches.append(LineMatch(line.line_no, purchase, target, part))
                    left[key] = have - part
                    wanted[line.line_no] -= part
    return matches


def check_money(act: Act, purchase: Act, matches: Sequence[LineMatch], *, claimed: int) -> None:
    """Refuse a return by lines that wants more money than its goods cost.

    A till may round each unit its own way: one minor unit of each is let pass. What is
    asked beyond the goods (delivery) must be left of the purchase's unlisted rest.

    Args:
        claimed: minor units that earlier returns had beyond their goods and left in that rest.
    Raises:
        ReturnsTooMuch: more money than is left.
    """
    beyond = _beyond_goods(act, matches, {})
    over = beyond - max(rest_left(purchase) - claimed, 0)
    if beyond and over > 0:
        raise ReturnsTooMuch(over_minor=over)


def _beyond_goods(act: Act, matches: Sequence[LineMatch], unmet: Mapping[int, int]) -> int:
    """The money of a return that is for no goods: beyond its lines, or beyond what they cost.

    Args:
        unmet: thousandths by its own line that met nothing; they count on their own date.
    """
    beyond = max(sum(line.amount for line in act.lines) - act.amount, 0)
    for line in act.lines:
        worth = sum(abs(_worth_of(x)) for x in matches if x.return_line == line.line_no)
        worth += abs(kept_share(line.amount, unmet.get(line.line_no, 0), abs(line.quantity)))
        rounding = -(-abs(line.quantity) // 1000)
        beyond += max(abs(line.amount) - worth - rounding, 0)
    return beyond


def _worth_of(match: LineMatch) -> int:
    """The money that goes with the matched part of a purchase's line."""
    target = match.purchase_line
    if target is None:
        return 0
    had, size = abs(target.quantity_left), abs(target.quantity)
    left = kept_share(target.amount, had - match.quantity, size)
    return kept_share(target.amount, had, size) - left


def whole_amount(purchase: Act, *, claimed: int) -> int:
    """The signed money of a return of all that is left of a purchase."""
    return -(purchase.amount_left - min(claimed, max(purchase.amount_left, 0)))


def note_matches(act: Act, matches: Sequence[LineMatch], rows: Rows) -> None:
    """Write which lines met, and leave on the return what did not.

    Money of an unlisted rest stands under line 0 of both.
    """
    lines = {x.line_no: x for x in act.lines}
    for match in matches:
        if match.purchase_line is None:
            if match.money:
                row = (act.id, 0, match.purchase.id, 0, match.quantity, match.money)
                rows.add("return_match", *row)
            continue
        rows.add(
            "return_match",
            act.id,
            match.return_line,
            match.purchase.id,
            match.purchase_line.line_no,
            match.quantity,
            _worth_of(match),
        )
        if match.return_line:
            lines[match.return_line].quantity_left += match.quantity


def unmatched_amount(act: Act, matches: Sequence[LineMatch], *, whole: bool) -> int:
    """The signed money of a return that met no purchase; call after `note_matches`."""
    if whole:
        return 0
    beyond = act.amount - sum(line.amount for line in act.lines)
    if beyond < 0:
        beyond = min(beyond + sum(match.money or 0 for match in matches), 0)
    return beyond + sum(
        kept_share(x.amount, abs(x.quantity_left), abs(x.quantity)) for x in act.lines
    )


def unmatched_base(act: Act, unmatched: int, excluded: frozenset[str]) -> int:
    """The same without goods that never earned."""
    away = sum(
        kept_share(x.amount, abs(x.quantity_left), abs(x.quantity))
        for x in act.lines
        if x.category in excluded
    )
    return unmatched - away


def give_back(purchase: Act, matches: Sequence[LineMatch], rows: Rows, worth: int) -> Taken:
    """Shrink a purchase by what a return takes; answers the basket that is kept.

    Shares of money, of earning money and of points are always computed from
    the whole line, so that pieces taken one by one add up to the whole.
    """
    before, rest = purchase.amount_left, rest_left(purchase)
    paid_before = _paid_points(purchase, worth, rest)
    whole = False
    for match in matches:
        if match.purchase is not purchase:
            continue
        if match.purchase_line is None:
            whole = match.money is None
            rest -= rest if match.money is None else match.money
            continue
        line = match.purchase_line
        line.quantity_left -= match.quantity if line.quantity_left > 0 else -match.quantity
        rows.lines[purchase.id, line.line_no] = line.quantity_left
    kept_lines = [(x, abs(x.quantity_left), abs(x.quantity)) for x in purchase.lines]
    if whole:
        kept_lines = [(x, left, size) for x, left, size in kept_lines if size]
    purchase.amount_left = rest + sum(kept_share(x.amount, a, b) for x, a, b in kept_lines)
    gone = not any(left for _, left, _ in kept_lines) and purchase.amount_left == 0
    purchase.state = "returned" if gone else "partly_returned"
    return Taken(
        amount=before - purchase.amount_left,
        points_back=paid_before - (0 if gone else _paid_points(purchase, worth, rest)),
        kept=[(x.category, kept_share(x.base, a, b)) for x, a, b in kept_lines],
        rest=rest_that_earns(purchase, rest),
    )


def tell_of_return(purchase: Act, returned: Act) -> None:
    """Let a purchase's answer tell what is left after a return that waited for it.

    Its points are then those that stay; what came of the return itself stands in the
    return's own answer.
    """
    answer, taken = dict(purchase.outcome or {}), returned.outcome or {}
    answer["points"] = answer.get("points", 0) - taken.get("clawed_back", 0)
    answer["tier"] = taken.get("tier", answer.get("tier"))
    if withdrawn := taken.get("medals_withdrawn"):
        answer["medals"] = [one for one in answer.get("medals", ()) if one not in withdrawn]
    if moved := taken.get("challenges"):
        since = {code: [code, score, goal] for code, score, goal in moved}
        kept = [since.pop(one[0], one) for one in answer.get("challenges", ())]
        answer["challenges"] = [*kept, *since.values()]
        goals = {code for code, score, goal in answer["challenges"] if score >= goal}
        answer["challenges_done"] = [x for x in answer.get("challenges_done", ()) if x in goals]
    answer["returns_applied"] = [*answer.get("returns_applied", ()), returned.external_id]
    purchase.outcome = answer


def _paid_points(purchase: Act, worth: int, rest: int) -> int:
    """Points still standing for what is kept of a purchase and of its unlisted rest."""
    if not purchase.points_paid:
        return 0
    lines = sum(
        kept_share(x.paid // worth, abs(x.quantity_left), abs(x.quantity)) for x in purchase.lines
    )
    rest_paid = int((purchase.judged or {}).get("rest_paid", 0)) // worth
    return lines + (kept_share(rest_paid, rest, _whole_rest(purchase)) if rest else 0)
