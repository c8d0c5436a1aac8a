"""What can be wrong with a file, a row or a receipt: codes and values, no sentences."""

from typing import Any


class BadFile(Exception):  # noqa: N818 - says what is wrong
    """The file or its profile cannot be used at all; nothing was changed."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class BadRow(Exception):  # noqa: N818 - says what is wrong
    """One row cannot be read; its receipt is held back whole."""

    def __init__(self, code: str, field: str = "", value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.value = value
