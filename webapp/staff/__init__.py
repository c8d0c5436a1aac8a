"""What people at the till need: find a member, print an activation code."""

from webapp.staff import find
from webapp.staff.blueprint import blueprint

__all__ = ["blueprint", "find"]
