"""The routes of the console."""

from flask import Blueprint

blueprint = Blueprint("console", __name__)
"""Pages for the owner; those of the wizard lie below /setup, the rest below /console."""
