"""Pages for everybody: the shop's landing page, its logo and its colours."""

from webapp.public import brand, landing
from webapp.public.blueprint import blueprint

__all__ = ["blueprint", "brand", "landing"]
