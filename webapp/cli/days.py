"""Days that a command is told."""

from datetime import date, datetime
from typing import Any

import click

from webapp.settings import FIRST_DAY, LAST_DAY


class Day(click.DateTime):
    """A day that a programme can be looked at."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The start of the day; one that no programme sees is refused."""
        found: datetime = super().convert(value, param, ctx)
        if not FIRST_DAY <= date(found.year, found.month, found.day) <= LAST_DAY:
            self.fail(f"{found:%Y-%m-%d} is not between {FIRST_DAY} and {LAST_DAY}", param, ctx)
        return found
