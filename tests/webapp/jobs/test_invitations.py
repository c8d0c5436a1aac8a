"""The clock knows who works in the shop: those who may sign in as staff now."""

from gamification.commands.referral_clock import Worker
from tests.webapp.shopfront import Shop
from webapp.accounts.tables import Account
from webapp.jobs.invitations import staff_of
from webapp.jobs.schedule import JOBS


def test_staff_are_those_who_may_sign_in_as_such(shop: Shop) -> None:
    shop.set_up()
    shop.member(name="Anna", phone="+79120000001", email="anna@mail.ru")
    shop.staff("cashier", "olga@noon.ru")
    gone = shop.staff("owner", "gone@noon.ru")
    with shop.worlds.open() as world:
        world.session.get_one(Account, gone).state = "closed"

    with shop.worlds.open() as world:
        found = staff_of(world)

    assert [one.email for one in found] == ["olga@noon.ru"]
    assert all(isinstance(one, Worker) for one in found)


def test_the_clock_settles_invitations_with_what_it_knows_of_staff() -> None:
    (job,) = [job for job in JOBS if job.name == "settle_referrals"]

    assert job.step.__module__ == "webapp.jobs.invitations"
