"""A brand's colour made readable: the pairs are computed, never believed.

Contrast is the WCAG 2 ratio: text needs 4.5 : 1. A colour that is too pale or too
dark for a theme is moved along its own lightness until it holds.
"""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

TEXT_RATIO = 4.5
GROUNDS_LIGHT = ("#FFFFFF", "#F3F4EE", "#E8EAE2")
GROUNDS_DARK = ("#141B17", "#0B100D", "#1D2621")
INK, PAPER = "#04140C", "#FFFFFF"
RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tones:
    """The four colours of one theme that a brand may set."""

    action: str
    on_action: str
    soft: str
    on_soft: str


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand in both themes. `exact` tells whether the light theme shows it as given."""

    given: str
    light: Tones
    dark: Tones
    exact: bool


def parse_hex(text: str) -> RGB | None:
    """#0A6B45 or #0a6 as three bytes; anything else is not a colour."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", text.strip())
    if match is None:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def to_hex(colour: RGB) -> str:
    """Three bytes as #RRGGBB."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def luminance(colour: RGB) -> float:
    """Relative luminance after WCAG 2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21."""
    one, two = parse_hex(first), parse_hex(second)
    assert one is not None, f"{first} is not a colour"
    assert two is not None, f"{second} is not a colour"
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def reads_on(colour: str, grounds: tuple[str, ...]) -> bool:
    """Whether text of this colour is readable on every one of the grounds."""
    return all(ratio(colour, ground) >= TEXT_RATIO for ground in grounds)


def lightness_moved(colour: RGB, lightness: float) -> str:
    """The same hue and saturation at another lightness."""
    hue, _, saturation = rgb_to_hls(*(channel / 255 for channel in colour))
    red, green, blue = hls_to_rgb(hue, lightness, saturation)
    return to_hex((round(red * 255), round(green * 255), round(blue * 255)))


def readable(colour: RGB, grounds: tuple[str, ...], *, darker: bool) -> str:
    """The nearest lightness of a colour that reads on all the grounds."""
    if reads_on(to_hex(colour), grounds):
        return to_hex(colour)
    start = rgb_to_hls(*(channel / 255 for channel in colour))[1]
    for step in range(1, 101):
        moved = start - step / 100 if darker else start + step / 100
        candidate = lightness_moved(colour, min(max(moved, 0.0), 1.0))
        if reads_on(candidate, grounds):
            return candidate
    return INK if darker else PAPER


def text_on(ground: str) -> str:
    """Black-green or white, whichever reads better on a filled button."""
    return max((PAPER, INK), key=lambda tone: ratio(tone, ground))


def brand_of(text: str) -> Brand | None:
    """Both themes of a brand colour, or None when the text is no colour."""
    colour = parse_hex(text)
    if colour is None:
        return None
    light = readable(colour, GROUNDS_LIGHT, darker=True)
    dark = readable(colour, GROUNDS_DARK, darker=False)
    soft_light, soft_dark = lightness_moved(colour, 0.9), lightness_moved(colour, 0.14)
    return Brand(
        given=to_hex(colour),
        light=Tones(light, text_on(light), soft_light,
                    readable(colour, (soft_light,), darker=True)),
        dark=Tones(dark, text_on(dark), soft_dark, readable(colour, (soft_dark,), darker=False)),
        exact=light == to_hex(colour),
    )  # fmt: skip


def stylesheet(brand: Brand | None) -> str:
    """What /brand.css answers: the brand's colours in both themes, or nothing to change."""
    if brand is None:
        return "/* the house colours */\n"
    light, dark = declarations(brand.light), declarations(brand.dark)
    return (
        "@layer tokens {\n"
        f"  :root {{ {light} }}\n"
        f'  [data-theme="dark"] {{ {dark} }}\n'
        "  @media (prefers-color-scheme: dark) {\n"
        f'    :root:not([data-theme="light"]) {{ {dark} }}\n'
        "  }\n}\n"
    )


def declarations(tones: Tones) -> str:
    """Four custom properties."""
    return (
        f"--c-action: {tones.action}; --c-on-action: {tones.on_action}; "
        f"--c-action-soft: {tones.soft}; --c-on-action-soft: {tones.on_soft};"
    )
