"""The routes of the staff pages."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__)
