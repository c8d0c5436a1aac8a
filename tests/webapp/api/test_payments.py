"""What somebody paid with leaves a keyed hash, and nothing else."""

import pytest
import sqlalchemy as sa

from tests.webapp.api.test_purchases import PLAIN
from tests.webapp.api.till import Till, faults
from webapp.surroundings import here


def marks(till: Till) -> list[str]:
    """Keyed hashes of payments that are kept."""
    return [mark for (mark,) in till.rows("SELECT hash FROM member_trace WHERE kind = 'payment'")]


def test_what_was_paid_with_leaves_a_keyed_hash_and_nothing_else(till: Till) -> None:
    answer = till.post("/purchases", PLAIN | {"payment": "fp_Secret-1"})

    engine = here(till.shop.app).engine
    tables = sa.inspect(engine).get_table_names()
    kept = [row for table in tables for row in till.rows(f"SELECT * FROM {table}")]
    assert answer.status_code == 201
    assert [len(mark) for mark in marks(till)] == [32]
    assert "secret-1" not in repr(kept).lower()


def test_a_repeat_may_say_or_leave_out_what_was_paid_with(till: Till) -> None:
    first = till.post("/purchases", PLAIN)

    again = till.post("/purchases", PLAIN | {"payment": "fp_1"})
    other = till.post("/purchases", PLAIN | {"payment": "fp_2"})

    assert [one.status_code for one in (first, again, other)] == [201, 200, 200]
    assert again.get_data() == first.get_data()
    assert marks(till) == [], "a repeat changes nothing"


@pytest.mark.parametrize(
    ("payment", "code"),
    [("", "empty"), ("x" * 201, "too_long"), (7, "text"), ("a\nb", "control_letters")],
)
def test_a_sign_of_a_payment_is_bounded(till: Till, payment: object, code: str) -> None:
    answer = till.post("/purchases", PLAIN | {"payment": payment})

    assert (answer.status_code, faults(answer)) == (422, {"/payment": code})
    assert marks(till) == []


def test_a_return_says_nothing_of_payments(till: Till) -> None:
    till.post("/purchases", PLAIN)

    assert faults(till.bring_back("r-1", "p-1", payment="fp_1")) == {"/payment": "unknown_field"}
