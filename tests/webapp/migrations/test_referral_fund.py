"""A shop that invited before there was a fund: what was paid by then is counted."""

import sqlalchemy as sa

from gamification.audit.run import run_audit
from tests.inviting import bind, come, offer
from tests.shop import Shop
from webapp import migrations


def test_what_invitations_brought_before_is_counted(bare: sa.Engine) -> None:
    migrations.upgrade(bare)
    shop = Shop(bare)
    offer(shop, welcome_points=50)
    ana = come(shop, "ana", email="ana@mail.ru")
    for name in ("boris", "vera"):
        assert bind(ana, come(shop, name, email=f"{name}@mail.ru")) == "bound"

    migrations.downgrade(bare, "0009")
    migrations.upgrade(bare)

    assert shop.rows("SELECT id, spent FROM referral_fund") == [(1, 100)]
    with shop.world() as world:
        assert run_audit(world).is_clean
