"""What medals gave before it was kept with them is found in the books."""

import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.measures.catalogue import Count
from tests.shop import Shop, plain_tiers
from webapp import migrations


def test_what_medals_gave_before_is_found(bare: sa.Engine) -> None:
    migrations.upgrade(bare)
    shop = Shop(bare, columns={"pending_days": 0}, tiers=plain_tiers(("base", 0, 0)))
    shop.medal("one", Count(), at=1, points=50)
    ana, boris = shop.join("ana"), shop.join("boris")
    for who in (ana, boris):
        who.spend_money(f"p-{who.name}", "100")
    ana.pay(30, "s")
    ana.bring_back("r", of="p-ana", whole=True, total="0")

    migrations.downgrade(bare, "0012")
    migrations.upgrade(bare)

    held = shop.rows("SELECT member_id, status, held FROM award WHERE held > 0 ORDER BY 1")
    assert held == [(ana.id, "revoked", 30), (boris.id, "active", 50)]
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean
