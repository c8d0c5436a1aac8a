"""A picture is what its bytes say, and nothing else is taken."""

import struct
import zlib

import pytest

from webapp.brand.pictures import LARGEST_BYTES, BadPicture, read_picture


def png(width: int = 64, height: int = 60) -> bytes:
    """A grey PNG, whole."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 64, height: int = 60) -> bytes:
    """The markers of a JPEG, with a note that holds a preview's end mark before its frame."""
    note = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + b"\x00" * 7 + b"\xff\xd9"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 6, 1) + b"\x01\x00\x3f" + b"\x00" * 9
    return b"\xff\xd8" + note + frame + scan + b"\xff\xd9"


def webp(form: bytes, body: bytes) -> bytes:
    chunk = form + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


LOSSY = webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 64, 60))
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 63 | 59 << 14))
EXTENDED = webp(b"VP8X", b"\x00" * 4 + (63).to_bytes(3, "little") + (59).to_bytes(3, "little"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png(), "image/png"), (jpeg(), "image/jpeg"), (LOSSY, "image/webp"),
     (LOSSLESS, "image/webp"), (EXTENDED, "image/webp")],
    ids=["png", "jpeg", "lossy", "lossless", "extended"],
)  # fmt: skip
def test_a_picture_tells_its_kind_and_its_sides(content: bytes, kind: str) -> None:
    found = read_picture(content)

    assert (found.kind, found.width, found.height) == (kind, 64, 60)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind"),
        (b"GIF89a" + b"\x00" * 20, "kind"),
        (png()[:18], "kind"),
        (jpeg()[:12], "kind"),
        (b"<html><!-- " + png(), "kind"),
        (png(8, 48), "sides"),
        (png(5_000, 20), "sides"),
        (png(64, 53), "shape"),
        (png(53, 64), "shape"),
        (png()[:-14], "damaged"),
        (png()[:50] + b"?" + png()[51:], "damaged"),
        (png()[:33] + png()[-12:], "damaged"),
        (jpeg()[:-2], "damaged"),
        (webp(b"VP8 ", LOSSY[20:] + b"\x00" * 9)[:-1], "damaged"),
        (png() + b"\x00" * LARGEST_BYTES, "bytes"),
    ],
)
def test_anything_else_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadPicture) as refused:
        read_picture(content)

    assert refused.value.values["why"] == why
