"""Settings: one module a section; the list of them is the first page."""

from webapp.cabinet.settings import (
    contacts,
    copy,
    devices,
    leaving,
    looks,
    messages,
    overview,
    password,
    privacy,
    profile,
    zone,
)

__all__ = [
    "contacts",
    "copy",
    "devices",
    "leaving",
    "looks",
    "messages",
    "overview",
    "password",
    "privacy",
    "profile",
    "zone",
]
