"""What an import says in a terminal, as lines for a person."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from webapp.tongue import ngettext
from webapp.words.formats import number

Answer = Mapping[str, Any]
Line = tuple[object, Callable[[], str]]
"""Whether a line has something to say, and the line."""

PLAIN = (None, "utf-8", "utf8", "ascii")
"""Encodings of which nothing needs to be said; a workbook has none."""


def told(answer: Answer) -> str:
    """The answer of an import of purchases; a line that has nothing to say is left out."""
    values = {key: number(value) if type(value) is int else value for key, value in answer.items()}
    read = zip(answer["files"], answer["encodings"], strict=True)
    return lines(
        (answer["programme_created"], lambda: _(
            "There was no programme yet: “%(profile)s” was set up with the shipped"
            " tiers, in %(currency)s.", **values)),
        (True, lambda: ngettext(
            "%(rows)s row holds %(receipts)s that can be read.",
            "%(rows)s rows hold %(receipts)s that can be read.",
            answer["rows"], rows=values["rows"], receipts=receipts(answer["receipts"]))),
        *(letters(file, encoding) for file, encoding in read),
        *foreseen(answer),
        (not answer["dry_run"], lambda: _(
            "%(recorded)s recorded, %(known)s known already, %(members)s joined.",
            members=members(answer["new_members"]), **values)),
        (True, lambda: _(
            "Sales %(sales)s, returned %(returned)s, net %(net)s %(currency)s.", **values)),
        *not_taken(answer),
        (answer["rejects"], lambda: _("They are listed in %(rejects)s.", **values)),
        (answer["last_date"], lambda: _("The last receipt is of %(last_date)s.", **values)),
    )  # fmt: skip


def not_taken(answer: Answer) -> list[Line]:
    """What waits, earns nothing, was passed over or put aside."""
    skipped, adjusted = answer["skipped"], answer["adjustments"]
    parked, conflicts, held = answer["parked"], answer["conflicts"], answer["held_back"]
    return [
        (parked, lambda: ngettext(
            "%(n)s return names a purchase that is not known yet and waits for it.",
            "%(n)s returns name a purchase that is not known yet and wait for it.",
            parked, n=number(parked))),
        (skipped["rows"], lambda: _(
            "Passed over without a customer: %(receipts)s, %(rows)s.",
            receipts=receipts(skipped["receipts"]), rows=rows(skipped["rows"]))),
        (adjusted["rows"], lambda: _(
            "Adjustments left out: %(receipts)s.", receipts=number(adjusted["receipts"]))),
        (answer["paid_with_former_points"] not in ("0", "0.00"), lambda: _(
            "%(paid_with_former_points)s %(currency)s were paid with points of the former"
            " programme and earn nothing.", **answer)),
        (answer["goods_file_missing"], lambda: _(
            "The file of goods beside the data is not there: receipts have no categories.")),
        (conflicts, lambda: ngettext(
            "%(n)s receipt was recorded before with other contents.",
            "%(n)s receipts were recorded before with other contents.",
            conflicts, n=number(conflicts))),
        (held, lambda: ngettext(
            "%(n)s receipt was held back: its rows cannot be read, or contradict each other.",
            "%(n)s receipts were held back: their rows cannot be read, or contradict each other.",
            held, n=number(held))),
        (answer["rejected_rows"], lambda: _(
            "Rows not taken: %(rejected_rows)s.", rejected_rows=number(answer["rejected_rows"]))),
    ]  # fmt: skip


def foreseen(answer: Answer) -> list[Line]:
    """What a dry run says of the real one."""
    would = answer["would"] or {}
    return [
        (would, lambda: _("A dry run: nothing was written.")),
        (would, lambda: ngettext(
            "%(receipts)s would be recorded, %(known)s is known already; %(members)s would join.",
            "%(receipts)s would be recorded, %(known)s are known already; %(members)s would join.",
            would["known"], known=number(would["known"]), receipts=receipts(would["receipts"]),
            members=members(would["members"]))),
        (would.get("programme"), lambda: _(
            "There is no programme yet: one would be set up with the shipped tiers, in"
            " %(currency)s. To choose its terms yourself, run laurel init first.",
            currency=answer["currency"])),
    ]  # fmt: skip


def told_members(answer: Answer) -> str:
    """The answer of an import of members; a line that has nothing to say is left out."""
    values = {key: number(value) if type(value) is int else value for key, value in answer.items()}
    openings, points = answer["openings"], answer["opening_points"]
    return lines(
        (True, lambda: _(
            "%(all)s: %(members)s joined, %(filled)s filled up, %(known)s known already.",
            all=rows(answer["rows"]), members=members(answer["joined"]), **values)),
        letters(answer["file"], answer["encoding"]),
        (answer["dry_run"], lambda: _("A dry run: nothing was written.")),
        (openings, lambda: "{}, {}.".format(
            ngettext("%(n)s opening balance", "%(n)s opening balances",
                     openings, n=number(openings)),
            ngettext("%(n)s point", "%(n)s points", points, n=number(points)))),
        (answer["rounded_points"] != "0", lambda: _(
            "Rounding to whole points changed the sum by %(rounded_points)s.", **values)),
        (answer["rejected_rows"], lambda: _("Rows not taken: %(rejected_rows)s.", **values)),
        (answer["rejects"], lambda: _("They are listed in %(rejects)s.", **values)),
    )  # fmt: skip


def lines(*said: Line) -> str:
    """The lines that have something to say."""
    return "\n".join(line() for wanted, line in said if wanted)


def letters(file: str, encoding: str | None) -> Line:
    """In which letters a file was read, where that was a guess or a choice."""
    return encoding not in PLAIN, lambda: _(
        "%(file)s was read in %(encoding)s.", file=file, encoding=encoding
    )


def receipts(count: int) -> str:
    """So many receipts."""
    return ngettext("%(n)s receipt", "%(n)s receipts", count, n=number(count))


def rows(count: int) -> str:
    """So many rows of a file."""
    return ngettext("%(n)s row", "%(n)s rows", count, n=number(count))


def members(count: int) -> str:
    """So many members."""
    return ngettext("%(n)s member", "%(n)s members", count, n=number(count))
