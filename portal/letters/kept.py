"""Letters made before: found again by number or subject, province and page, and opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import undefer

from models.letter import Letter, LetterKind, StoredFile
from models.place import Province
from models.round import Round
from models.search import words_of
from models.thai import arabic_digits
from portal.core.database.session import db

#: letters of one page
PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class LetterQuery:
    """What the list of letters is narrowed to."""

    search: str = ""
    province_id: int | None = None


@dataclass(frozen=True)
class LetterPage:
    """One page of kept letters, counted from 1, and how many there are of all."""

    letters: list[Letter]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The place of its first letter among all."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of its last letter among all."""
        return self.first + len(self.letters) - 1


def letters_of(round: Round, kind: LetterKind, criteria: LetterQuery, *, page: int = 1) -> LetterPage:
    """Letters made before, the newest first, inside the actor's scope; a page too far is the last one."""
    query = _narrowed(round, kind, criteria)
    total = db.session.scalar(query.with_only_columns(func.count(Letter.id))) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    rows = query.order_by(Letter.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    return LetterPage(list(db.session.scalars(rows)), number, pages, total)


def newest(round: Round, kind: LetterKind) -> Letter | None:
    """The letter that was made last; None where none was."""
    query = _narrowed(round, kind, LetterQuery()).order_by(Letter.id.desc())
    letter: Letter | None = db.session.scalars(query.limit(1)).one_or_none()
    return letter


def content_of(letter: Letter) -> StoredFile:
    """The file of a letter with its bytes. Raises NoResultFound outside the scope."""
    query = select(StoredFile).where(StoredFile.id == letter.file_id).options(undefer(StoredFile.content))
    return db.session.scalars(query).one()


def _narrowed(round: Round, kind: LetterKind, criteria: LetterQuery) -> Select[Any]:
    query = select(Letter).where(Letter.round_id == round.id, Letter.kind == kind)
    if criteria.province_id is not None:
        query = query.where(Letter.province_id == criteria.province_id)
    for word in words_of(arabic_digits(criteria.search[:LONGEST_SEARCH])):
        fits = [text.contains(word.typed, autoescape=True) for text in (Letter.number, Letter.subject)]
        if word.key:
            fits.append(Letter.province.has(Province.search_key.contains(word.key, autoescape=True)))
        query = query.where(or_(*fits))
    return query
