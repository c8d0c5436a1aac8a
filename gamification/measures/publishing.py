"""Make measures exist: one row for one content, keys shared where they are the same."""

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.measures.catalogue import Keyed, Spec, canonical, parse_spec, spec_hash
from gamification.measures.tables import Measure
from gamification.world import World


def ensure_measure(world: World, spec: Spec) -> Measure:
    """The measure of a spec, made when nobody asked for it before.

    Where members already have a history it starts as `seeding`: a member
    without a row is counted from the activities first.
    """
    content = canonical(spec)
    address = spec_hash(content)
    session = world.session
    found = session.exec(select(Measure).where(col(Measure.spec_hash) == address)).first()
    if found:
        return found
    anything = session.execute(sa.text("SELECT 1 FROM activity LIMIT 1")).first()
    measure = Measure(
        spec_hash=address,
        spec=content,
        keys_id=_owner_of_keys(world, spec),
        status="seeding" if anything else "active",
        created_at=world.now,
    )
    session.add(measure)
    session.flush()
    return measure


def _owner_of_keys(world: World, spec: Spec) -> int | None:
    """The measure whose keys are the same, or None to own them."""
    if not isinstance(spec, Keyed):
        return None
    wanted = spec.keys_spec()
    for other in world.session.exec(select(Measure).order_by(col(Measure.id))):
        known = parse_spec(other.spec)
        if isinstance(known, Keyed) and other.keys_id is None and known.keys_spec() == wanted:
            return other.id
    return None
