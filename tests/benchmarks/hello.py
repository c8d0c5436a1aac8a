"""The smallest Flask app there is, to be served as the real one is."""

from flask import Flask


def serve() -> Flask:
    """What a WSGI server calls."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=hello)
    return app


def hello() -> str:
    """One line."""
    return "hello"
