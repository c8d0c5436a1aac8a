"""No table can hold a member without standing in their copy, or on a short list with a reason."""

import sqlalchemy as sa

from webapp.own_copy.parts import LEFT_OUT, PARTS, SECRET, reaching_tables
from webapp.tables import METADATA
from webapp.words.own_copy import COLUMNS, TITLES


def test_every_table_that_reaches_a_member_is_in_the_copy_or_has_a_reason() -> None:
    listed = {part.table for part in PARTS} | set(LEFT_OUT)

    assert reaching_tables() - listed == set()


def test_a_new_table_would_be_noticed() -> None:
    planted = sa.Table(
        "planted", METADATA, sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("award_id", sa.ForeignKey("award.id")),
    )  # fmt: skip
    try:
        assert "planted" in reaching_tables() - {part.table for part in PARTS} - set(LEFT_OUT)
    finally:
        METADATA.remove(planted)


def test_nothing_is_listed_twice_or_in_vain() -> None:
    names = [part.table for part in PARTS]

    assert len(names) == len(set(names))
    assert set(names) & set(LEFT_OUT) == set()
    assert set(names) | set(LEFT_OUT) <= reaching_tables()
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_every_shown_column_exists_and_has_words() -> None:
    for part in PARTS:
        columns = set(METADATA.tables[part.table].c.keys())
        assert set(part.shown) <= columns - SECRET.get(part.table, set())
        assert set(part.shown) <= set(COLUMNS)
        assert part.table in TITLES


ABOUT_OTHERS = {
    "referral": {"referrer_id", "friend_id"},
    "referral_signal": {"evidence", "decided_by", "why"},
    "referral_decision": {"batch", "actor", "why", "before", "undone_by", "undone_why"},
    "member_trace": {"hash"},
}


def test_whatever_is_called_a_hash_of_a_secret_is_kept_back() -> None:
    words = ("secret_hash", "code_hash", "ticket_hash", "password_hash")

    for part in PARTS:
        found = {name for name in METADATA.tables[part.table].c.keys() if name in words}  # noqa: SIM118
        assert found | ABOUT_OTHERS.get(part.table, set()) == SECRET.get(part.table, set())
