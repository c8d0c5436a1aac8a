"""Draws the pictures that messengers show: python -m tests.preview.picture.

The art of the pages of an invitation and of a shelf, without a word or a name on it,
1200 × 630, in few colours so that it stays small. The files are kept; this is run again
when the art changes.
"""

import base64
import struct
import threading
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.preview.show import show
from tests.provision import browser_launch_args
from webapp.art.appicon import SIGNATURE, chunk
from webapp.public import shelf
from webapp.public.invitation import HEIGHT, PREVIEW, WIDTH

STATIC = Path(__file__).resolve().parents[2] / "static"
PICTURES = {PREVIEW: "/invitation", shelf.PREVIEW: "/shelf-seen"}
"""A file and the scene whose art it shows."""
COLOURS = 200
ALONE = """
* { visibility: hidden } .invited .art, .invited .art * { visibility: visible }
html { background: #BDB3FF !important; visibility: visible }
.invited .art { position: fixed; inset: 0; margin: auto; width: auto; height: 590px }
"""
Colour = tuple[int, int, int]

READ = """() => new Promise((done) => {
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.width; canvas.height = picture.height;
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    done(Array.from({length: dots.length / 4}, (_, n) =>
      (dots[n * 4] << 16) | (dots[n * 4 + 1] << 8) | dots[n * 4 + 2]));
  };
  picture.src = window.shot;
})"""


def dots_of(address: str) -> list[Colour]:
    """The art as the browser draws it, dot by dot."""
    with sync_playwright() as play:
        browser = play.chromium.launch(**browser_launch_args())  # type: ignore[arg-type]
        size = {"width": WIDTH, "height": HEIGHT}
        tab = browser.new_context(viewport=size, bypass_csp=True).new_page()  # type: ignore[arg-type]
        tab.goto(address)
        tab.add_style_tag(content=ALONE)
        tab.wait_for_timeout(500)
        shot = base64.b64encode(tab.screenshot()).decode()
        tab.evaluate("(shot) => { window.shot = shot; }", f"data:image/png;base64,{shot}")
        found = [((n >> 16) & 255, (n >> 8) & 255, n & 255) for n in tab.evaluate(READ)]
        browser.close()
    return found


def few(dots: list[Colour]) -> list[Colour]:
    """The colours that stand best for all of them: halves of the widest box, again and again."""
    boxes = [list(Counter(dots).items())]
    while len(boxes) < COLOURS:
        box = max(boxes, key=lambda b: max(reach(b)) * sum(n for _, n in b) ** 0.35)
        if len(box) < 2:
            break
        axis = max(range(3), key=reach(box).__getitem__)
        box.sort(key=lambda pair: pair[0][axis])
        boxes.remove(box)
        boxes += [box[: len(box) // 2], box[len(box) // 2 :]]
    return [middle(box) for box in boxes]


def reach(box: list[tuple[Colour, int]]) -> list[int]:
    return [max(c[n] for c, _ in box) - min(c[n] for c, _ in box) for n in range(3)]


def middle(box: list[tuple[Colour, int]]) -> Colour:
    """The most frequent colour of a box, so that even grounds stay what they are."""
    return max(box, key=lambda pair: pair[1])[0]


def written(dots: list[Colour]) -> bytes:
    """The picture as a PNG with a palette."""
    palette = few(dots)
    nearest = {
        colour: min(
            range(len(palette)),
            key=lambda n: sum((a - b) ** 2 for a, b in zip(colour, palette[n], strict=True)),
        )
        for colour in set(dots)
    }
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        rows += bytes(nearest[colour] for colour in dots[y * WIDTH : (y + 1) * WIDTH])
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0))
    colours = chunk(b"PLTE", b"".join(bytes(colour) for colour in palette))
    body = chunk(b"IDAT", zlib.compress(bytes(rows), 9))
    return SIGNATURE + head + colours + body + chunk(b"IEND", b"")


def main() -> None:
    server = make_server("127.0.0.1", 0, show(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, scene in PICTURES.items():
        file = STATIC / name
        file.write_bytes(written(dots_of(f"http://127.0.0.1:{server.server_port}{scene}")))
        print(f"{name}: {file.stat().st_size:,} bytes")
    server.shutdown()


if __name__ == "__main__":
    main()
