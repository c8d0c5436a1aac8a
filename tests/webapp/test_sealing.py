"""Signatures are those of itsdangerous, whichever of the two makes or reads them."""

import hashlib
from typing import Any

import pytest
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from webapp.sealing import Sealer, TimedSealer

KEY = "k3Q9vZ1xY7wT5uS2rP0oN8mL6jH4gF_dC-bA"
WAYS: list[dict[str, Any]] = [
    {},
    {"key_derivation": "hmac", "digest_method": hashlib.sha256},
    {"key_derivation": "hmac", "digest_method": hashlib.sha1},
]
PAIRS: list[tuple[Any, Any]] = [(Sealer, URLSafeSerializer), (TimedSealer, URLSafeTimedSerializer)]
TOLD = ["МЁД", "vk", 1_763_000_000, [3, 4]]


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_each_reads_what_the_other_wrote(ours: Any, theirs: Any, how: dict[str, Any]) -> None:
    one, two = (kind(KEY, salt="a", signer_kwargs=how) for kind in (ours, theirs))

    assert one.loads(two.dumps(TOLD)) == TOLD
    assert two.loads(one.dumps(TOLD)) == TOLD
    assert one.loads(two.dumps(TOLD, salt="b"), salt="b") == TOLD


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_nothing_else_is_read(ours: Any, theirs: Any) -> None:
    good, sealer = ours(KEY, salt="a").dumps(TOLD), ours(KEY, salt="a")

    for text in (f"x{good}", good[:-2], good.rpartition(".")[0], "", "."):
        with pytest.raises(BadSignature):
            sealer.loads(text)
    for other in (theirs(KEY, salt="b"), theirs(KEY[1:], salt="a")):
        with pytest.raises(BadSignature):
            sealer.loads(other.dumps(TOLD))
