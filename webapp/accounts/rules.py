"""How codes, secrets and contacts look; no session, no clock."""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, inet_ntop, inet_pton

from webapp.accounts.wellknown import COMMON_PASSWORDS

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=60)
PROOF_LIFE = timedelta(minutes=30)
ACTIVATION_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without 0 O, 1 I L
ACTIVATION_LENGTH = 8
ACTIVATION_LIFE = timedelta(days=14)
LINK_LIFE = timedelta(minutes=30)
BEGIN_LIFE = timedelta(days=7)
FRESH = timedelta(minutes=15)
SESSION_IDLE = {"customer": timedelta(days=60), "staff": timedelta(hours=12)}
SESSION_LIFE = {"customer": timedelta(days=180), "staff": timedelta(days=7)}
STAFF_ROLES = ("cashier", "marketer", "owner")
PASSWORD_LENGTHS = (10, 256)


def new_secret() -> str:
    """A secret of 256 bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is kept of a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """A one-time code that a person can type."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def keyed_hash(key: str, *parts: str) -> str:
    """What is kept of a short code: without the installation's key nobody can try them all."""
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, two: str) -> bool:
    """Equality that takes the same time whatever differs."""
    return hmac.compare_digest(one.encode(), two.encode())


def typed_code(text: str) -> str:
    """The digits of a typed or pasted code."""
    return re.sub(r"\D", "", text)


def new_activation_code() -> str:
    """Eight letters and digits that nobody can misread: 40 bits."""
    return "".join(secrets.choice(ACTIVATION_LETTERS) for _ in range(ACTIVATION_LENGTH))


def shown_activation(code: str) -> str:
    """XXXX-XXXX, as the slip shows it."""
    return f"{code[:4]}-{code[4:]}"


def typed_activation(text: str) -> str:
    """A typed activation code as it was made: capitals, no dashes, no spaces."""
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def password_fault(password: str, *, known: tuple[str, ...] = ()) -> str | None:
    """Why a password is too weak: `short`, `long`, `known`, `name`; None for a good one.

    Args:
        known: what a guesser knows already, such as the e-mail.
    """
    least, most = PASSWORD_LENGTHS
    if len(password) < least:
        return "short"
    if len(password) > most:
        return "long"
    plain = password.casefold()
    if plain in COMMON_PASSWORDS or len(set(plain)) < 4:
        return "known"
    guessable = [word.casefold() for full in known for word in (full, full.split("@")[0]) if word]
    if any(word in plain and len(plain) - len(word) < 6 for word in guessable):
        return "name"
    return None


def masked_contact(contact: str) -> str:
    """A phone or an e-mail that its owner recognises and nobody else learns."""
    if contact.startswith("+"):
        return f"{contact[:2]} ••• ••• {contact[-4:-2]} {contact[-2:]}"
    local, _, domain = contact.partition("@")
    return f"{local[:1]}•••@{domain}"


def masked_address(address: str) -> str:
    """A network address without its last part: /24 of IPv4, /48 of IPv6."""
    try:
        found = ip_address(counted_address(address).partition("/")[0])
    except ValueError:
        return ""
    length = 24 if isinstance(found, IPv4Address) else 48
    return str(ip_network((found, length), strict=False).network_address)


def counted_address(address: str) -> str:
    """A network address as a throttle counts it: of IPv6 a whole /64, which is one household."""
    if is_plain(address):
        return address
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 64), strict=False))


def is_plain(address: str) -> bool:
    """Whether this is IPv4 as everybody writes it: four numbers and no more."""
    try:
        return inet_ntop(AF_INET, inet_pton(AF_INET, address)) == address
    except (OSError, ValueError):
        return False


SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("YaBrowser", "Yandex"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip


def device_name(agent: str) -> str:
    """«iPhone, Safari» from a browser's own description; nothing when it does not say."""
    found = [
        next((name for mark, name in table if mark in agent), "") for table in (SYSTEMS, BROWSERS)
    ]
    return ", ".join(name for name in found if name)
