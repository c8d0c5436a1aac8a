"""A till as a process: receipts one after another, and how long each of them took.

python -m tests.benchmarks.tilling PORT KEY CARD WHEN JOURNAL

It goes on until its standard input is closed. A line of the journal is a status and the
milliseconds until the answer was there.
"""

import select
import sys
import time
from pathlib import Path

from tests.webapp.api.served import ask

PAUSE = 0.1


def receipt(number: int, card: str, when: str) -> dict[str, object]:
    """The receipt of that number."""
    lines = [{"sku": f"S{number % 7}", "category": "coffee", "amount": "250.00"}]
    return {"id": f"day-{number}", "occurred_at": when, "member": {"card": card}, "lines": lines}


def is_over() -> bool:
    """Whether standard input was closed; waits a little for it."""
    return bool(select.select([sys.stdin], [], [], PAUSE)[0])


def main(port: int, key: str, card: str, when: str, journal: Path) -> None:
    number = 0
    with journal.open("w", buffering=1) as book:
        while not is_over():
            began = time.perf_counter()
            status, _headers, _body = ask(
                port, "POST", "/api/v1/purchases", receipt(number, card, when),
                Authorization=f"Bearer {key}",
            )  # fmt: skip
            book.write(f"{status} {(time.perf_counter() - began) * 1000:.1f}\n")
            number += 1


if __name__ == "__main__":
    _, *words = sys.argv
    main(int(words[0]), words[1], words[2], words[3], Path(words[4]))
