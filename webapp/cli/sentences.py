"""Refusals in words for a terminal, where no reader has chosen a language."""

from flask import Flask

from gamification.refusals import Refusal
from webapp.catalogue import LaurelBabel


def said(refusal: Refusal) -> str:
    """The sentence of a refusal in English, and the values that it was made of."""
    from webapp.words.refusals import refusal_text

    app = Flask("terminal")
    LaurelBabel(app, default_locale="en")  # type: ignore[no-untyped-call]
    with app.app_context():
        sentence = refusal_text(refusal)
    values = ", ".join(f"{name}={value}" for name, value in refusal.values.items())
    return f"{sentence} ({refusal.code}{': ' + values if values else ''})"
