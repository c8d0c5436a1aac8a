"""Whatever is sent, the API answers as it is described: no 500, no status that is not there."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.serving import make_server

from gamification.audit.run import run_audit
from tests.webapp.api.till import ANNA, Till

# A body may follow its schema and still be wrong: a total below its lines, a 30th of February.
TAKEN = ["2xx", "401", "403", "404", "409", "422"]
SEED = 20_261_124
ONLY_FUZZING = {name: {"enabled": False} for name in ("examples", "coverage", "stateful")}


@contextmanager
def served(till: Till) -> Iterator[str]:
    """The app behind a port of this process."""
    server = make_server("127.0.0.1", 0, till.shop.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1"
    server.shutdown()
    thread.join()


def schema_of(
    till: Till, address: str, examples: int, *, mode: str = "all", **more: Any
) -> schemathesis.BaseSchema:
    config = schemathesis.Config.from_dict(
        {
            "seed": SEED,
            "headers": till.headers(),
            "generation": {"max-examples": examples, "deterministic": True, "mode": mode},
            "checks": {"positive_data_acceptance": {"expected-statuses": TAKEN}},
        }
        | more
    )
    return schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)


@dataclass
class Trial:
    """What a run found, and how much it tried."""

    faults: list[str] = field(default_factory=list)
    checks: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)

    def run(self, schema: Any) -> None:
        for event in from_schema(schema).execute():
            if isinstance(event, ScenarioFinished):
                self.note(event)
            elif isinstance(event, NonFatalError):
                self.faults.append(f"{event.label}: {event.value!r}")
            elif isinstance(event, FatalError):
                self.faults.append(f"the run broke: {event.exception!r}")

    def note(self, event: ScenarioFinished) -> None:
        for checks in event.recorder.checks.values():
            self.checks += len(checks)
            self.faults += [
                f"{event.label} {check.name}: {check.failure_info.failure}"
                for check in checks
                if check.failure_info is not None
            ]
        for found in event.recorder.interactions.values():
            if found.response is not None:
                self.answers[event.label or "", found.response.status_code] += 1


@pytest.mark.parametrize("examples", [5, pytest.param(150, marks=pytest.mark.heavy)])
def test_every_answer_is_as_described(till: Till, examples: int) -> None:
    trial = Trial()

    with served(till) as address:
        trial.run(schema_of(till, address, examples))

    print(trial.checks, dict(trial.answers))
    assert trial.faults == []
    assert trial.checks > 500


@pytest.mark.parametrize("examples", [12, pytest.param(150, marks=pytest.mark.heavy)])
def test_receipts_of_a_known_member_are_booked_and_the_books_hold(
    till: Till, examples: int
) -> None:
    trial = Trial()

    with served(till) as address:
        schema = schema_of(till, address, examples, mode="positive", phases=ONLY_FUZZING)
        schema.hook("map_body")(let_anna_act)
        trial.run(schema)

    print(trial.checks, dict(trial.answers))
    assert trial.faults == []
    assert trial.answers["POST /purchases", 201] > 0
    with till.shop.worlds.open(readonly=True) as world:
        assert [x for x in run_audit(world, full=True).findings if x.count] == []


def let_anna_act(_context: Any, body: Any) -> Any:
    """A generated receipt, told of Anna and of today."""
    if not isinstance(body, dict) or "member" not in body:
        return body
    return body | {"member": ANNA, "occurred_at": "2026-11-24T10:00:00+03:00"}
