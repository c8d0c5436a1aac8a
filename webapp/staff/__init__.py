"""What people at the till need: find a member, print an activation code."""

from webapp.staff import correct, find
from webapp.staff.blueprint import blueprint

__all__ = ["blueprint", "correct", "find"]
