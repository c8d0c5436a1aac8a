"""What a benchmark reads and prints: CPU seconds of this process and of a database server."""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

Meter = Callable[[], float]
TICK = os.sysconf("SC_CLK_TCK")


def cpu_meter(engine: sa.Engine | None = None) -> Meter:
    """CPU seconds used so far: ours, and those of the engine's one PostgreSQL backend.

    The backend is another process of the same machine; the kernel counts it in
    hundredths of a second, so measure long enough.
    """
    if engine is None or engine.dialect.name == "sqlite":
        return time.process_time
    with engine.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    return server_meter(int(pid or 0))


def server_meter(pid: int) -> Meter:
    """CPU seconds of this process and of one other."""
    stat = Path(f"/proc/{pid}/stat")

    def read() -> float:
        fields = stat.read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / TICK

    return read


def micros(costs: Sequence[float], events: int) -> float:
    """CPU microseconds an event: the median of equal runs of so many events each."""
    return round(statistics.median(costs) / events * 1e6, 1)


def report(name: str, **parts: Any) -> None:
    """One line of JSON for one measurement."""
    print("\n" + json.dumps({"benchmark": name, **parts}, ensure_ascii=False), flush=True)
