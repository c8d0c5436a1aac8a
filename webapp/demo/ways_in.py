"""Who can be tried in the demo shop, and how they sign in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from gamification.commands.member import find_member
from gamification.world import World
from webapp.accounts.actions import add_staff, ensure_member_account
from webapp.accounts.passwords import hash_password
from webapp.accounts.queries import account_by_email
from webapp.accounts.rules import keyed_hash, shown_activation
from webapp.accounts.tables import ActivationCode

STAFF = (("cashier", "Лена"), ("marketer", "Марк"), ("owner", "Ольга"))
PASSWORD = "noon-demo-2026"  # noqa: S105 - printed at every start, opens nothing but the demo
ACTIVATION = "NNDY2345"
CUSTOMERS = (
    ("new", "timur@example.com"),
    ("average", "anna@example.com"),
    ("champion", "veronika@example.com"),
    ("imported", "pavel@example.com"),
)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A sign-in of the demo; without a password, a one-time code comes into the log."""

    who: str
    login: str
    password: str | None = None
    activation: str | None = None

    def __str__(self) -> str:
        if self.activation:
            return f"{self.who:<10}{self.activation:<24}code of a slip, then a phone"
        return f"{self.who:<10}{self.login:<24}{self.password or 'code in this log'}"


def staff_email(role: str) -> str:
    """Where one of the demo's staff gets mail."""
    return f"{role}@noon.example"


def open_accounts(world: World) -> None:
    """The three of the staff."""
    for role, name in STAFF:
        password = hash_password(PASSWORD)
        add_staff(world, role=role, email=staff_email(role), name=name, password_hash=password)


def set_passwords(world: World) -> None:
    """The three customers who have signed in before can also come by password."""
    for _, email in CUSTOMERS[:3]:
        member = find_member(world, email=email)
        assert member is not None, "told with the story"
        account = ensure_member_account(world, member.id or 0, locale=member.locale)
        account.password_hash, account.password_set_at = hash_password(PASSWORD), world.now
    world.session.flush()


def print_slip(world: World, key: str) -> None:
    """The slip that a cashier printed for the customer whose history came with a file."""
    member = find_member(world, email=CUSTOMERS[3][1])
    cashier = account_by_email(world, staff_email("cashier"))
    assert member is not None, "told with the story"
    assert cashier is not None, "opened with the story"
    world.session.add(
        ActivationCode(
            member_id=member.id or 0,
            code_hash=keyed_hash(key, "activation", ACTIVATION),
            printed_by=cashier.id or 0,
            created_at=world.now,
            expires_at=world.now + timedelta(days=60),
        )
    )
    world.session.flush()


def ways_in(world: World) -> list[WayIn]:
    """Everybody who can be tried; nobody when this is not the demo's database."""
    if account_by_email(world, staff_email("owner")) is None:
        return []
    found = [WayIn(who, email, PASSWORD) for who, email in CUSTOMERS[:3]]
    found.append(WayIn("imported", CUSTOMERS[3][1]))
    if _slip_is_good(world):
        activation = shown_activation(ACTIVATION)
        found.append(WayIn("imported", CUSTOMERS[3][1], activation=activation))
    return found + [WayIn(role, staff_email(role), PASSWORD) for role, _ in STAFF]


def _slip_is_good(world: World) -> bool:
    slip = select(ActivationCode.id).where(
        col(ActivationCode.used_at).is_(None), col(ActivationCode.expires_at) > world.now
    )
    return world.session.exec(slip.limit(1)).first() is not None


def sign_ins(world: World) -> Iterator[str]:
    """A line for everybody who can be tried in the demo."""
    found = ways_in(world)
    if found:
        yield ""
        yield "Demo shop, café «Полдень»; customers sign in at /sign-in, staff at /staff/sign-in"
        yield from (f"  {way}" for way in found)
