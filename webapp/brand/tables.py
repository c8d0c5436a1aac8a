"""The row of a picture that the shop put in."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import UtcInstant, one_of


class ShopPicture(SQLModel, table=True):
    """A picture by what it is for. In the database, so that every server and backup has it."""

    __tablename__ = "shop_picture"
    __table_args__ = (
        one_of("name", "logo"),
        one_of("kind", "image/png", "image/jpeg", "image/webp"),
    )

    name: str = Field(primary_key=True, max_length=20)
    kind: str = Field(max_length=20)
    digest: str = Field(max_length=16)
    content: bytes = Field(sa_type=sa.LargeBinary)
    changed_at: datetime = Field(sa_type=UtcInstant)
