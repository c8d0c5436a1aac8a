"""Days that a command is told."""

import re
from datetime import date, datetime, time
from typing import Any

import click

from webapp.settings import FIRST_DAY, LAST_DAY

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Day(click.DateTime):
    """A day that a programme can be looked at."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The start of the day; what is none, or none that a programme sees, is refused."""
        text = str(value).strip()
        if not DAY.fullmatch(text):
            self.fail(f"“{text}” is no day: write it as in 2026-11-24", param, ctx)
        try:
            found = date.fromisoformat(text)
        except ValueError:
            self.fail(f"there is no day {text} in the calendar", param, ctx)
        if not FIRST_DAY <= found <= LAST_DAY:
            self.fail(f"{text} is not between {FIRST_DAY} and {LAST_DAY}", param, ctx)
        return datetime.combine(found, time())
