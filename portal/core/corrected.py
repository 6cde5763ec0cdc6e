"""Which words of an opened round were corrected, for every page that shows them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select

from models.year import WordingCorrection
from portal.core.database.session import db


def init_app(app: Flask) -> None:
    """Templates ask it of what they show."""
    app.jinja_env.globals.update(corrections_of=corrections_of)


def corrections_of(thing: str, row_id: int | None) -> Sequence[WordingCorrection]:
    """The corrections of a row's words, the newest first; none of a row that a preview made up."""
    if row_id is None:
        return ()
    query = select(WordingCorrection).where(
        WordingCorrection.thing == thing, WordingCorrection.row_id == row_id
    )
    return db.session.scalars(query.order_by(WordingCorrection.id.desc())).all()
