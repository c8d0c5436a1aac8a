"""Pages for everybody: the shop's landing page, its logo and colours, and what a phone keeps."""

from webapp.public import brand, install, invitation, landing, offline, shelf, unsubscribe
from webapp.public.blueprint import blueprint

__all__ = [
    "blueprint",
    "brand",
    "install",
    "invitation",
    "landing",
    "offline",
    "shelf",
    "unsubscribe",
]
