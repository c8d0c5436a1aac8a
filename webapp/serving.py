"""What is being answered, and by which app: themselves, for code that every click runs.

Flask's proxies find their object anew at each question, which costs more than most answers.
"""

from flask import Flask, Request
from flask.globals import _cv_app, _cv_request


def this_app() -> Flask:
    """The app that is answering."""
    return _cv_app.get().app


def this_request() -> Request:
    """The request that is being answered."""
    return _cv_request.get().request
