"""How the owner's pages say no."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.tongue import gettext as _

Values = Mapping[str, Any]


def bad_picture(values: Values) -> str:
    sentences = {
        "bytes": _("The picture is too large: up to 512 KB."),
        "sides": _("The picture's sides should have from 16 to 4096 pixels."),
        "kind": _("This is not a PNG, WebP or JPEG picture."),
    }
    return sentences.get(str(values.get("why")), sentences["kind"])


SENTENCES: dict[str, Callable[[Values], str]] = {"bad_picture": bad_picture}
