"""The routes of the entrance."""

from flask import Blueprint

blueprint = Blueprint("entrance", __name__)
