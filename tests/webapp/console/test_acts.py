"""The owner says what acts besides purchases bring, from now on."""

from gamification.commands.acts import ACT_TYPES
from gamification.readmodels.acts import acts_in_force
from tests.webapp.console.owner import english
from tests.webapp.shopfront import Browser, Shop, text_of

PAGE = "/console/acts"


def form(**changes: str) -> dict[str, str]:
    """The form as it ships, with some fields changed; a name's `_of_` stands for a dash."""
    fields: dict[str, str] = {}
    for act in ACT_TYPES.values():
        fields |= {f"points-{act.code}": "0", f"most-{act.code}": "1",
                   f"per-{act.code}": act.per, f"on-{act.code}": "yes"}  # fmt: skip
    return fields | {name.replace("_of_", "-"): value for name, value in changes.items()}


def versions(shop: Shop) -> int:
    with shop.worlds.open(readonly=True) as world:
        found = world.connection.exec_driver_sql(
            "SELECT COUNT(*) FROM earn_rule_version v JOIN earn_rule r ON r.id = v.rule_id"
            " WHERE r.kind = 'act'"
        )
        return int(found.scalar_one())


def test_every_registered_act_can_be_changed(open_shop: Shop, owner: Browser) -> None:
    words = text_of(english(owner, PAGE))

    for name in ("Joined the programme", "Looked in", "Birthday", "Confirmed the phone"):
        assert name in words
    assert 'href="/console/acts"' in owner.get("/console/programme").get_data(as_text=True)


def test_only_what_was_changed_gets_a_new_version(open_shop: Shop, owner: Browser) -> None:
    fields = form(points_of_joined="50", per_of_daily_check_in="week", most_of_daily_check_in="3")
    del fields["on-birthday"]

    answers = [owner.send(PAGE, **fields) for _ in range(2)]

    assert [(a.status_code, a.location) for a in answers] == [(303, f"{PAGE}?saved=1")] * 2
    assert versions(open_shop) == 3
    with open_shop.worlds.open(readonly=True) as world:
        now = {one.code: one for one in acts_in_force(world)}
    assert (now["joined"].points, now["joined"].on) == (50, True)
    assert (now["daily_check_in"].per, now["daily_check_in"].most) == ("week", 3)
    assert not now["birthday"].on


def test_a_bad_field_keeps_all_the_others(open_shop: Shop, owner: Browser) -> None:
    answer = owner.send(PAGE, **form(points_of_joined="77", most_of_joined="0",
                                     per_of_birthday="century"))  # fmt: skip

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("aria-invalid") == 2
    assert 'value="77"' in page
    assert versions(open_shop) == 0


def test_a_stranger_changes_nothing(open_shop: Shop) -> None:
    cashier = open_shop.signed_in_as("cashier")
    token = cashier.token("/settings")

    answer = cashier.client.post(PAGE, data=form(points_of_joined="9") | {"csrf_token": token})

    assert answer.status_code in (403, 404)
    assert versions(open_shop) == 0
