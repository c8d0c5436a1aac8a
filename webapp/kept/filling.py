"""What somebody had typed, put back into the form of a page; pure.

Only fields that people fill are filled: never a hidden one, a password or a file.
"""

import html
from collections.abc import Sequence
from html.parser import HTMLParser

from webapp.kept.rules import Fields, is_kept

Attributes = dict[str, str | None]
TYPED = {"text", "search", "tel", "email", "url", "number"} | {
    "date", "time", "month", "week", "color",
}  # fmt: skip
TICKED = {"checkbox", "radio"}


def filled(
    page: str, *, action: str, keeps: Sequence[str], fields: Fields, note: str
) -> str | None:
    """The page with the form filled in and a note at its head; None where it has no such form.

    Args:
        action: the address that the form is sent to.
        note: markup, put behind the form's first tag.
    """
    reader = Filler(page, action, keeps, fields, note)
    reader.feed(page)
    reader.close()
    return reader.done() if reader.found else None


class Filler(HTMLParser):
    """Reads a page and notes what is to be written where."""

    def __init__(
        self, page: str, action: str, keeps: Sequence[str], fields: Fields, note: str
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.page, self.action, self.keeps, self.fields, self.note = (
            page, action, keeps, fields, note,
        )  # fmt: skip
        self.found = False
        self.inside = False
        self.select: str | None = None
        self.text_from: tuple[int, str] | None = None
        self.edits: list[tuple[int, int, str]] = []
        self.starts = line_starts(page)

    def place(self) -> int:
        """Where the tag that is being read begins."""
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = dict(attrs)
        if tag == "form":
            self.open_form(given)
        elif not self.inside:
            return
        elif tag == "input":
            self.fill_input(given)
        elif tag == "select":
            self.select = given.get("name") or ""
        elif tag == "option" and self.select is not None and self.has(self.select):
            self.rewrite(given, "selected", (given.get("value") or "") in self.fields[self.select])
        elif tag == "textarea" and self.has(given.get("name") or ""):
            name = given.get("name") or ""
            self.text_from = (self.place() + len(self.get_starttag_text() or ""), name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.text_from is not None:
            start, name = self.text_from
            self.edits.append((start, self.place(), html.escape(self.fields[name][0])))
            self.text_from = None

    def open_form(self, given: Attributes) -> None:
        """The first form that is sent there; a page may show the same one twice."""
        path = (given.get("action") or "").partition("?")[0]
        if self.found or path != self.action or (given.get("method") or "").lower() != "post":
            return
        self.found = self.inside = True
        at = self.place() + len(self.get_starttag_text() or "")
        self.edits.append((at, at, self.note))

    def has(self, name: str) -> bool:
        return name in self.fields and bool(self.fields[name])

    def fill_input(self, given: Attributes) -> None:
        name, kind = given.get("name") or "", (given.get("type") or "text").lower()
        if kind in TICKED and is_kept(name, self.keeps):
            ticked = (given.get("value") or "on") in self.fields.get(name, ())
            self.rewrite(given, "checked", ticked)
        elif kind in TYPED and self.has(name):
            self.rewrite(given, "value", self.fields[name][0])

    def rewrite(self, given: Attributes, name: str, value: str | bool) -> None:
        """The same tag with one attribute set, or taken away by False."""
        kept = {key: text for key, text in given.items() if key != name}
        if value is not False:
            kept[name] = None if value is True else value
        tag = (self.lasttag if self.lasttag else "").lower()
        written = "".join(
            f" {key}" if text is None else f' {key}="{html.escape(text)}"'
            for key, text in kept.items()
        )
        start = self.place()
        self.edits.append((start, start + len(self.get_starttag_text() or ""), f"<{tag}{written}>"))

    def done(self) -> str:
        """The page with everything written."""
        parts, at = [], 0
        for start, end, text in sorted(self.edits):
            parts += [self.page[at:start], text]
            at = end
        return "".join([*parts, self.page[at:]])


def line_starts(page: str) -> list[int]:
    """Where each line begins, as the parser counts lines: by line feeds alone."""
    starts = [0]
    while (found := page.find("\n", starts[-1])) >= 0:
        starts.append(found + 1)
    return starts
