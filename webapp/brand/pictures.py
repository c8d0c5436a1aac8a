"""What kind of picture some bytes are and how large, told from the bytes alone."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from gamification.refusals import Refusal

LARGEST_BYTES = 512 * 1024
SIDES = (16, 4096)
MOST_LONGER = 1.2
"""So many times the shorter side may the longer one be: the logo stands in square places."""
MOST_PIXEL_BYTES = 9 * SIDES[1] ** 2
NO_SIZE = {0xC4, 0xC8, 0xCC}  # among 0xC0..0xCF, these markers of JPEG carry no size


class BadPicture(Refusal):
    """The file is no picture that we take; `why` says kind, bytes, sides, shape or damaged."""

    code = "bad_picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a browser may be given."""

    kind: str
    width: int
    height: int
    content: bytes


def read_picture(content: bytes) -> Picture:
    """PNG, JPEG or WebP by content, whatever the file is called.

    SVG is not taken: it is a document that can carry scripts.

    Raises:
        BadPicture: another kind, too many bytes, sides out of bounds, far from square, or
            damaged on the way.
    """
    if len(content) > LARGEST_BYTES:
        raise BadPicture(why="bytes")
    for kind, measure in MEASURES.items():
        try:
            sides = measure(content)
        except (struct.error, IndexError):
            sides = None
        if sides is not None:
            width, height = sides
            if not (SIDES[0] <= width <= SIDES[1] and SIDES[0] <= height <= SIDES[1]):
                raise BadPicture(why="sides", width=width, height=height)
            if max(sides) > MOST_LONGER * min(sides):
                raise BadPicture(why="shape", width=width, height=height)
            if not is_whole(kind, content):
                raise BadPicture(why="damaged")
            return Picture(kind, width, height, content)
    raise BadPicture(why="kind")


def is_whole(kind: str, content: bytes) -> bool:
    """Whether the file is there to its end, as far as its own marks and sums tell."""
    checks = {"image/png": is_whole_png, "image/jpeg": is_whole_jpeg, "image/webp": is_whole_webp}
    try:
        return checks[kind](content)
    except (struct.error, IndexError, zlib.error):
        return False


def is_whole_png(content: bytes) -> bool:
    """Every chunk has the sum that it carries, the last is IEND, and the pixels unpack."""
    unpack, size = zlib.decompressobj(), 0
    for name, body in png_chunks(content):
        if name == b"IEND":
            return unpack.eof
        rest = body if name == b"IDAT" else b""
        while rest and not unpack.eof:
            size += len(unpack.decompress(rest, 1 << 20))
            rest = unpack.unconsumed_tail
            if size > MOST_PIXEL_BYTES:
                return False
    return False


def png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and bodies up to the first chunk that is cut or whose sum is wrong."""
    place = 8
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        named, end = content[place + 4 : place + 8 + length], place + 12 + length
        if end > len(content) or struct.pack(">I", zlib.crc32(named)) != content[end - 4 : end]:
            return
        yield named[:4], named[4:]
        place = end


def is_whole_jpeg(content: bytes) -> bool:
    """After the head of the scan comes the end mark; a preview's own one stands before."""
    place = 2
    while content[place] == 0xFF and content[place + 1] != 0xDA:
        place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    return content[place] == 0xFF and content.find(b"\xff\xd9", place + 2) > 0


def is_whole_webp(content: bytes) -> bool:
    """The file is as long as its first chunk says."""
    return len(content) >= 8 + int.from_bytes(content[4:8], "little")


def png_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height from the first chunk, which is always the header."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def jpeg_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height from the first frame header, walking from marker to marker."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in NO_SIZE:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        place += 2 + length
    return None


def webp_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height of the three ways in which WebP writes them."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    form = content[12:16]
    if form == b"VP8X":
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        return width, height
    if form == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack("<I", content[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


MEASURES = {"image/png": png_sides, "image/jpeg": jpeg_sides, "image/webp": webp_sides}
