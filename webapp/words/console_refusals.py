"""How the owner's pages say no."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.tongue import gettext as _

Values = Mapping[str, Any]


def bad_picture(values: Values) -> str:
    sentences = {
        "bytes": _("The picture is too large: up to 512 KB."),
        "sides": _("The picture's sides should have from 16 to 4096 pixels."),
        "shape": _(
            "The logo should be nearly square: this picture is %(width)s by %(height)s pixels.",
            width=values.get("width", 0), height=values.get("height", 0),
        ),
        "damaged": _("The picture is damaged or cut off: export it once more and send that."),
        "kind": _("This is not a PNG, WebP or JPEG picture."),
    }  # fmt: skip
    return sentences.get(str(values.get("why")), sentences["kind"])


SENTENCES: dict[str, Callable[[Values], str]] = {"bad_picture": bad_picture}
