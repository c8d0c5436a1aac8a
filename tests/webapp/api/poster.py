"""A till as a process: posts receipts again and again until each is acknowledged.

python -m tests.webapp.api.poster PORT KEY COUNT JOURNAL STOP

It sends receipts 0, 1, 2 … up to COUNT, or until there is a file STOP. Each acknowledged
receipt is a line of the journal: its id, the status, whether it was a replay, and the points.
Whatever fails on the way (a dead server, a 503) is sent again.
"""

import sys
import time
from http.client import HTTPException
from pathlib import Path

from flask import json

from tests.webapp.api.served import ask
from tests.webapp.api.till import ANNA, WHEN

ROUNDS = 1_000


def receipt(number: int) -> dict[str, object]:
    """The receipt of that number: the same whoever sends it."""
    lines = [{"sku": f"S{number % 7}", "category": f"c{number % 3}", "amount": "100.00"}]
    return {"id": f"p-{number}", "occurred_at": WHEN, "member": ANNA, "lines": lines}


def post(port: int, key: str, number: int) -> tuple[int, str, int]:
    """Post until there is an answer that says what came of it."""
    for _round in range(ROUNDS):
        try:
            status, headers, body = ask(
                port, "POST", "/api/v1/purchases", receipt(number), Authorization=f"Bearer {key}"
            )
        except (OSError, HTTPException):
            time.sleep(0.1)
            continue
        if status == 503:
            time.sleep(0.1)
            continue
        found = {name.lower(): value for name, value in headers.items()}
        return status, found.get("idempotent-replayed", "-"), json.loads(body).get("points", -1)
    raise SystemExit(f"receipt {number} was never answered")


def main(port: int, key: str, count: int, journal: Path, stop: Path) -> None:
    with journal.open("a", buffering=1) as book:
        for number in range(count):
            if stop.exists():
                return
            status, replayed, points = post(port, key, number)
            book.write(f"p-{number} {status} {replayed} {points}\n")


if __name__ == "__main__":
    _, *words = sys.argv
    main(int(words[0]), words[1], int(words[2]), Path(words[3]), Path(words[4]))
