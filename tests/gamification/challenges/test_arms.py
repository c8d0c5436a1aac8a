"""Who is only watched: evenly, for ever, and independently of any other challenge."""

import hashlib
from itertools import pairwise

import pytest

from gamification.challenges.arms import DIGITS, arm_of, place_of

MANY = 5_000
CHALLENGES = ("baking-week", "marathon", "неделя выпечки", "5f1d:2")


def watched(challenge: str, percent: int) -> set[int]:
    return {n for n in range(MANY) if arm_of(challenge, n, percent) == "control"}


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_the_share_that_is_watched_is_the_share_asked_for(challenge: str) -> None:
    for percent in (0, 10, 50, 100):
        expected = MANY * percent / 100
        # Five standard deviations; nobody and everybody are exact.
        off = 5 * (MANY * percent * (100 - percent) / 10_000) ** 0.5

        assert abs(len(watched(challenge, percent)) - expected) <= off


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_places_are_spread_evenly(challenge: str) -> None:
    tenths = [0] * 10
    for n in range(MANY):
        tenths[10 * place_of(challenge, n) // 16**DIGITS] += 1

    # Chi-square of nine degrees: 33.7 is left behind once in ten thousand.
    assert sum((count - MANY / 10) ** 2 / (MANY / 10) for count in tenths) < 33.7


def test_the_group_of_one_challenge_says_nothing_about_another() -> None:
    groups = [watched(challenge, 20) for challenge in CHALLENGES]

    for n, one in enumerate(groups):
        for other in groups[n + 1 :]:
            # A fifth of a fifth, 200, and five standard deviations.
            assert abs(len(one & other) - 200) < 70


def test_neighbours_by_number_are_not_watched_together() -> None:
    group = watched("baking-week", 20)

    assert abs(len({n for n in group if n + 1 in group}) - 200) < 70


def test_a_larger_share_only_moves_members_out_of_the_challenge() -> None:
    groups = [watched("baking-week", percent) for percent in (0, 1, 10, 20, 99, 100)]

    assert all(smaller < larger for smaller, larger in pairwise(groups))
    assert groups[-1] == set(range(MANY))


def test_anybody_can_repeat_it_with_a_tool_that_hashes() -> None:
    digest = hashlib.sha256(b"arm:baking-week:42").hexdigest()

    assert digest.startswith("c1f9")
    assert place_of("baking-week", 42) == place_of("baking-week", "42") == int(digest[:16], 16)
    # c1f9 of 10000 in hexadecimal is 75.8 of a hundred.
    assert arm_of("baking-week", 42, 75) == "treatment"
    assert arm_of("baking-week", 42, 76) == "control"


def test_two_pairs_never_hash_the_same_text() -> None:
    with pytest.raises(AssertionError, match="colon"):
        arm_of("baking", "week:42", 10)
