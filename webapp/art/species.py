"""What each species of leaf looks like, drawn on a field of 120 × 120 with its foot below."""

import math
from collections.abc import Callable, Mapping

from webapp.art.leaves import (
    MIDDLE,
    At,
    Drawing,
    fanned,
    leaflet,
    mirrored,
    ribs,
    smooth,
    toothed,
    vein,
)


def laurel() -> Drawing:
    half = (At(0, 98, True), At(11, 86), At(19, 66), At(20, 50), At(15, 30), At(6, 14),
            At(0, 6, True))  # fmt: skip
    sides = [(86, 14, 74), (74, 17, 61), (62, 17, 48), (50, 15, 36), (38, 11, 25), (27, 6, 17)]
    return Drawing(smooth(mirrored(half)), ribs(8, sides), 98)


def willow() -> Drawing:
    half = (At(0, 102, True), At(10, 84), At(15, 60), At(13, 38), At(7, 18), At(0, 3, True))
    outs = (7, 10, 12, 12.5, 12, 10, 8, 5)
    sides = [(92 - 10 * i, out, 81 - 10 * i) for i, out in enumerate(outs)]
    return Drawing(toothed(half, 14, 0.9), ribs(5, sides), 102)


def birch() -> Drawing:
    half = (At(0, 94, True), At(16, 88), At(31, 72), At(30, 58), At(18, 34), At(7, 18),
            At(0, 4, True))  # fmt: skip
    sides = [(88, 24, 76), (76, 28, 61), (64, 24, 48), (52, 18, 37), (41, 12, 28), (31, 7, 20)]
    return Drawing(toothed(half, 13, 3.4), ribs(6, sides), 94)


def aspen() -> Drawing:
    half = (At(0, 88, True), At(18, 86), At(34, 72), At(38, 54), At(30, 34), At(14, 20),
            At(0, 12, True))  # fmt: skip
    sides = [(84, 30, 70), (72, 33, 54), (59, 28, 39), (46, 19, 28), (34, 9, 21)]
    return Drawing(toothed(half, 8, 3.4, round_teeth=True), ribs(14, sides), 88)


def linden() -> Drawing:
    half = (At(0, 84, True), At(9, 93), At(24, 93), At(37, 80), At(38, 62), At(28, 40),
            At(12, 22), At(0, 5, True))  # fmt: skip
    sides = [(84, 30, 84), (80, 34, 66), (68, 30, 50), (56, 23, 38), (44, 15, 28), (33, 8, 21)]
    return Drawing(toothed(half, 18, 2), ribs(7, sides), 84)


def oak() -> Drawing:
    half = (
        At(0, 100, True), At(6.1, 93), At(11, 86), At(20.7, 84), At(24.4, 78),
        At(15.9, 73), At(15.9, 68), At(30.5, 65), At(35.4, 57), At(23.2, 52), At(20.7, 47),
        At(32.9, 42), At(37.8, 33), At(25.6, 30), At(20.7, 25), At(25.6, 17), At(20.7, 11),
        At(11, 12), At(7.3, 7), At(0, 5),
    )  # fmt: skip
    sides = [(88, 17, 81), (75, 29, 62), (56, 31, 38), (36, 20, 16)]
    return Drawing(smooth(mirrored(half)), ribs(10, sides), 100)


def maple() -> Drawing:
    half = (
        At(0, 86, True), At(7, 88), At(16, 95), At(28, 97, True), At(24, 88), At(29, 83, True),
        At(40, 82), At(50, 76, True), At(45, 70), At(42, 64, True), At(49, 56), At(56, 42, True),
        At(46, 43), At(41, 38, True), At(31, 48), At(20, 54, True), At(22, 42), At(30, 29, True),
        At(23, 27), At(18, 22, True), At(9, 18), At(0, 2, True),
    )  # fmt: skip
    veins = ribs(6, [(86, 46, 46), (86, 24, 94), (52, 22, 33)])
    veins += "".join(
        vein((MIDDLE + s * 22, 64), (MIDDLE + s * 34, 70), (MIDDLE + s * 45, 75)) for s in (-1, 1)
    )
    return Drawing(smooth(mirrored(half)), veins, 86)


def tulip() -> Drawing:
    half = (
        At(0, 90, True), At(10, 93), At(26, 88), At(45, 72, True), At(35, 66), At(29, 57),
        At(30, 46), At(35, 33), At(38, 19, True), At(24, 22), At(12, 28), At(0, 36, True),
    )  # fmt: skip
    sides = [(86, 36, 73), (76, 24, 58), (64, 27, 36), (52, 22, 28)]
    return Drawing(smooth(mirrored(half)), ribs(38, sides), 90)


def ginkgo() -> Drawing:
    half = (
        At(0, 96, True), At(7, 86), At(22, 72), At(42, 62), At(53, 57, True), At(53, 46),
        At(47, 34), At(39, 29), At(31, 21), At(21, 20), At(13, 15), At(5, 19), At(0, 40, True),
    )  # fmt: skip

    def tips(share: float) -> tuple[float, float]:
        return (MIDDLE + share * 48, 24 + 29 * share * share + (9 if abs(share) < 0.1 else 0))

    return Drawing(smooth(mirrored(half)), vein((MIDDLE, 97), (MIDDLE, 92)) + fanned(14, tips), 96)


def rowan() -> Drawing:
    pairs = ((88, 30, 84), (74, 33, 76), (60, 34, 68), (46, 31, 58), (33, 26, 46))
    blades, veins = [], [vein((MIDDLE, 96), (MIDDLE, 10))]
    for y, length, turn in pairs:
        for sign in (-1, 1):
            blades.append(leaflet(MIDDLE, y, sign * turn, length, 6.4))
            veins.append(spoke(MIDDLE, y, sign * turn, length * 0.86))
    blades.append(leaflet(MIDDLE, 27, 0, 24, 6))
    return Drawing("".join(blades), "".join(veins), 92, folded=False)


def chestnut() -> Drawing:
    fingers = ((0, 76, 12), (36, 70, 11), (-36, 70, 11), (74, 56, 9), (-74, 56, 9), (112, 36, 6.5),
               (-112, 36, 6.5))  # fmt: skip
    blades = [leaflet(MIDDLE, 82, turn, length, wide, 0.62) for turn, length, wide in fingers]
    veins = [spoke(MIDDLE, 82, turn, length * 0.92) for turn, length, _ in fingers]
    return Drawing("".join(blades), "".join(veins), 84, False)


def fern() -> Drawing:
    blades, veins = [], [vein((MIDDLE, 100), (MIDDLE, 6))]
    for i in range(13):
        share = i / 12
        y = 96 - 82 * share**0.92
        length = (36 - 8 * (1 - min(share * 5, 1))) * (1 - share) ** 0.62 + 4
        for sign in (-1, 1):
            turn = sign * (78 - 26 * share)
            blades.append(leaflet(MIDDLE, y, turn, length, 3.9 - 2 * share, 0.3))
            veins.append(spoke(MIDDLE, y, turn, length * 0.8))
    blades.append(leaflet(MIDDLE, 14, 0, 11, 1.8))
    return Drawing("".join(blades), "".join(veins), 98, folded=False)


def spoke(x: float, y: float, turn: float, length: float) -> str:
    """The midrib of a leaflet."""
    angle = math.radians(turn)
    return vein((x, y), (x + math.sin(angle) * length, y - math.cos(angle) * length))


DRAWINGS: Mapping[str, Callable[[], Drawing]] = {
    "laurel": laurel,
    "oak": oak,
    "maple": maple,
    "birch": birch,
    "ginkgo": ginkgo,
    "linden": linden,
    "rowan": rowan,
    "willow": willow,
    "aspen": aspen,
    "chestnut": chestnut,
    "tulip": tulip,
    "fern": fern,
}
COLOURS: Mapping[str, tuple[str, str]] = {
    "laurel": ("#1F7A4D", "#8A8F2A"),
    "oak": ("#4A8A38", "#B8642A"),
    "maple": ("#4F9A3E", "#DB4430"),
    "birch": ("#62A83F", "#F2B32B"),
    "ginkgo": ("#86B53F", "#FFC62E"),
    "linden": ("#3B955C", "#DDB02C"),
    "rowan": ("#2F7D5B", "#CC4638"),
    "willow": ("#7C9F55", "#DCC245"),
    "aspen": ("#4FA07C", "#F2963A"),
    "chestnut": ("#2C7A44", "#C46A28"),
    "tulip": ("#53A65C", "#EBA336"),
    "fern": ("#25885A", "#AA7230"),
}
"""Of each species its green of summer and its colour of autumn."""
