"""The shop's logo: put in, taken out, and read again."""

import hashlib

from sqlmodel import col, delete

from gamification.world import World
from webapp.brand.pictures import Picture
from webapp.brand.tables import ShopPicture


def keep_logo(world: World, picture: Picture) -> str:
    """Make this the logo; answers its digest, by which browsers know it from the one before."""
    digest = hashlib.sha256(picture.content).hexdigest()[:16]
    row = ShopPicture(
        name="logo", kind=picture.kind, digest=digest, content=picture.content,
        changed_at=world.now,
    )  # fmt: skip
    world.session.merge(row)
    world.session.flush()
    return digest


def drop_logo(world: World) -> None:
    """The shop has no logo."""
    world.session.exec(delete(ShopPicture).where(col(ShopPicture.name) == "logo"))


def logo_of(world: World) -> ShopPicture | None:
    """The logo, if there is one."""
    return world.session.get(ShopPicture, "logo")
