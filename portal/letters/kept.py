"""Letters and summaries found again: by number, subject, addressee, day and state, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import undefer

from models.dispatch import Dispatch, DispatchState
from models.letter import Letter, LetterKind, StoredFile
from models.letter_office import LetterOffice
from models.place import Province
from models.round import Round
from models.search import words_of
from models.thai import arabic_digits
from portal.core.database.session import db
from portal.letters.paged import Paged, one_page

#: letters of one page
PAGE = 50
LONGEST_SEARCH = 100


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


def dispatches_of(
    round: Round, office: LetterOffice | None, criteria: LetterQuery, *, page: int = 1
) -> Paged[Dispatch]:
    """Letters of an office (None: it has written none) from draft to record, the newest first; a circular is
    one row."""
    written_by = None if office is None else office.id
    query = select(Dispatch).where(Dispatch.round_id == round.id, Dispatch.office_id == written_by)
    if criteria.state is not None:
        query = query.where(Dispatch.state == criteria.state)
    if criteria.since is not None:
        query = query.where(Dispatch.dated >= criteria.since)
    if criteria.until is not None:
        query = query.where(Dispatch.dated <= criteria.until)
    to = Dispatch.letters.any
    query = _searched(query, criteria.search, (Dispatch.number, Dispatch.subject), lambda fits: to(_to(fits)))
    return one_page(query, Dispatch.id, Dispatch.id.desc(), page=page, size=PAGE)


def copies_of(dispatch: Dispatch, criteria: LetterQuery, *, page: int = 1) -> Paged[Letter]:
    """The copies of an issued letter, in the order in which they were made."""
    query = select(Letter).where(Letter.dispatch_id == dispatch.id)
    return one_page(_narrowed(query, criteria), Letter.id, Letter.id, page=page, size=PAGE)


def is_signed(dispatch: Dispatch) -> bool:
    """True where copies were signed with the office's key."""
    signed = select(Letter.id).where(Letter.dispatch_id == dispatch.id, Letter.body_sha256.is_not(None))
    return db.session.scalar(signed.limit(1)) is not None


def letters_of(round: Round, kind: LetterKind, criteria: LetterQuery, *, page: int = 1) -> Paged[Letter]:
    """Letters made before, the newest first, inside the actor's scope; a page too far is the last one."""
    query = select(Letter).where(Letter.round_id == round.id, Letter.kind == kind)
    return one_page(_narrowed(query, criteria), Letter.id, Letter.id.desc(), page=page, size=PAGE)


def newest(round: Round, kind: LetterKind) -> Letter | None:
    """The letter that was made last; None where none was."""
    query = select(Letter).where(Letter.round_id == round.id, Letter.kind == kind)
    return db.session.scalars(query.order_by(Letter.id.desc()).limit(1)).one_or_none()


def content_of(letter: Letter) -> StoredFile:
    """The file of a letter with its bytes. Raises NoResultFound outside the scope."""
    query = select(StoredFile).where(StoredFile.id == letter.file_id).options(undefer(StoredFile.content))
    return db.session.scalars(query).one()


def _narrowed(query: Select[Any], criteria: LetterQuery) -> Select[Any]:
    if criteria.province_id is not None:
        query = query.where(Letter.province_id == criteria.province_id)
    return _searched(query, criteria.search, (Letter.number, Letter.subject), _to)


def _searched(
    query: Select[Any], search: str, texts: tuple[Any, ...], to: Callable[[Any], Any]
) -> Select[Any]:
    """Each word stands in one of the texts, or in the name of a province that it goes ``to``."""
    for word in words_of(arabic_digits(search[:LONGEST_SEARCH])):
        fits = [text.contains(word.typed, autoescape=True) for text in texts]
        if word.key:
            fits.append(to(Province.search_key.contains(word.key, autoescape=True)))
        query = query.where(or_(*fits))
    return query


def _to(province_fits: Any) -> Any:
    return Letter.province.has(province_fits)
