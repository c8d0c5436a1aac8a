"""The routes of the cabinet."""

from flask import Blueprint

blueprint = Blueprint("cabinet", __name__)
