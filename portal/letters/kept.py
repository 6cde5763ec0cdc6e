"""Letters and summaries found again: by number, subject, addressee, day and state, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import undefer

from models.dispatch import Dispatch, DispatchState
from models.letter import Letter, LetterKind, StoredFile
from models.place import Province
from models.round import Round
from models.search import words_of
from models.thai import arabic_digits
from portal.core.database.session import db

#: letters of one page
PAGE = 50
LONGEST_SEARCH = 100


Row = TypeVar("Row", Letter, Dispatch)


@dataclass(frozen=True)
class LetterQuery:
    """What a list of letters is narrowed to; days as they stand on the letters, both included."""

    search: str = ""
    province_id: int | None = None
    state: DispatchState | None = None
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """True where anything is left out."""
        return self != LetterQuery()


@dataclass(frozen=True)
class LetterPage(Generic[Row]):
    """One page of a list, counted from 1, and how many rows there are of all."""

    rows: list[Row]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The place of its first row among all."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of its last row among all."""
        return self.first + len(self.rows) - 1


def dispatches_of(
    round: Round, kind: LetterKind, criteria: LetterQuery, *, page: int = 1
) -> LetterPage[Dispatch]:
    """Letters of a kind between draft and record, the newest first; a circular is one row."""
    query = select(Dispatch).where(Dispatch.round_id == round.id, Dispatch.kind == kind)
    if criteria.state is not None:
        query = query.where(Dispatch.state == criteria.state)
    if criteria.since is not None:
        query = query.where(Dispatch.dated >= criteria.since)
    if criteria.until is not None:
        query = query.where(Dispatch.dated <= criteria.until)
    for word in words_of(arabic_digits(criteria.search[:LONGEST_SEARCH])):
        fits: list[Any] = [
            text.contains(word.typed, autoescape=True) for text in (Dispatch.number, Dispatch.subject)
        ]
        if word.key:
            to = Province.search_key.contains(word.key, autoescape=True)
            fits.append(Dispatch.letters.any(Letter.province.has(to)))
        query = query.where(or_(*fits))
    return _page(query, Dispatch, page)


def copies_of(dispatch: Dispatch, criteria: LetterQuery, *, page: int = 1) -> LetterPage[Letter]:
    """The copies of an issued letter, in the order in which they were made."""
    query = select(Letter).where(Letter.dispatch_id == dispatch.id)
    return _page(_narrowed(query, criteria), Letter, page, newest_first=False)


def letters_of(round: Round, kind: LetterKind, criteria: LetterQuery, *, page: int = 1) -> LetterPage[Letter]:
    """Letters made before, the newest first, inside the actor's scope; a page too far is the last one."""
    query = select(Letter).where(Letter.round_id == round.id, Letter.kind == kind)
    return _page(_narrowed(query, criteria), Letter, page)


def newest(round: Round, kind: LetterKind) -> Letter | None:
    """The letter that was made last; None where none was."""
    query = select(Letter).where(Letter.round_id == round.id, Letter.kind == kind)
    return db.session.scalars(query.order_by(Letter.id.desc()).limit(1)).one_or_none()


def content_of(letter: Letter) -> StoredFile:
    """The file of a letter with its bytes. Raises NoResultFound outside the scope."""
    query = select(StoredFile).where(StoredFile.id == letter.file_id).options(undefer(StoredFile.content))
    return db.session.scalars(query).one()


def _page(query: Select[Any], model: type[Row], page: int, *, newest_first: bool = True) -> LetterPage[Row]:
    total = db.session.scalar(query.with_only_columns(func.count(model.id))) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    order = model.id.desc() if newest_first else model.id
    rows = query.order_by(order).limit(PAGE).offset((number - 1) * PAGE)
    return LetterPage(list(db.session.scalars(rows)), number, pages, total)


def _narrowed(query: Select[Any], criteria: LetterQuery) -> Select[Any]:
    if criteria.province_id is not None:
        query = query.where(Letter.province_id == criteria.province_id)
    for word in words_of(arabic_digits(criteria.search[:LONGEST_SEARCH])):
        fits = [text.contains(word.typed, autoescape=True) for text in (Letter.number, Letter.subject)]
        if word.key:
            fits.append(Letter.province.has(Province.search_key.contains(word.key, autoescape=True)))
        query = query.where(or_(*fits))
    return query
