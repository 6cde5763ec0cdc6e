"""The texts of an office: which there are, their versions, and the one that a letter is made from.

Until an office writes a text of its own, its letters say what the portal's text says (version 0). Every save
is a new version; none ever changes, and going back to an earlier one is a new version with its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.dispatch import Dispatch
from models.letter_office import LetterOffice, OfficeKind
from models.letter_text import OfficeText, TextKind
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_seen
from portal.letters.paged import Paged, one_page
from portal.letters.words.faults import Faults, Reason, Source
from portal.letters.words.fields import Scope
from portal.letters.words.reading import CIRCULAR, FORM, FORMS, YES_OR_NO, LetterText, read_text
from portal.letters.words.shipped import ShippedText, shipped

K = TextKind
#: the texts of each office, the usual one first: what its letters are made from
TEXTS_OF = {
    OfficeKind.DLA: (K.CIRCULAR, K.ALL_PROVINCES, K.STAMPED, K.RESULTS, K.MEMORANDUM),
    OfficeKind.NACC: (K.NACC, K.STAMPED_NACC, K.RESULTS_NACC),
    OfficeKind.PROVINCE: (K.PROVINCE, K.RESULTS_PROVINCE, K.AGENCY, K.MEMORANDUM_CIRCULAR),
}
#: the number of the portal's own text
SHIPPED = 0
#: versions of one page
PAGE = 30


@dataclass(frozen=True)
class Version:
    """A text as one version has it. ``number`` 0: as it comes with the portal, which nobody here wrote."""

    kind: TextKind
    number: int
    source: str
    made_at: datetime | None = None
    made_by: str = ""
    id: int | None = None


def shipped_of(kind: TextKind) -> ShippedText:
    """The text that comes with the portal for a kind."""
    return ShippedText[kind.name]


def scope_of(kind: TextKind) -> Scope:
    """What one copy of a letter with a text of this kind is about."""
    return shipped_of(kind).scope


def newest_of(office: LetterOffice) -> dict[TextKind, Version]:
    """The version in use of each text of an office; one query."""
    last = (
        select(OfficeText.kind, func.max(OfficeText.number).label("number"))
        .where(OfficeText.office_id == office.id)
        .group_by(OfficeText.kind)
        .subquery()
    )
    query = (
        select(OfficeText)
        .join(last, (OfficeText.kind == last.c.kind) & (OfficeText.number == last.c.number))
        .where(OfficeText.office_id == office.id)
        .options(joinedload(OfficeText.made_by))
    )
    found = {row.kind: _version(row) for row in db.session.scalars(query)}
    return {kind: found.get(kind) or _as_shipped(kind) for kind in TEXTS_OF[office.kind]}


def version_of(office: LetterOffice, kind: TextKind, number: int) -> Version | None:
    """One version of an office's text; None where there is none of this number."""
    if number == SHIPPED:
        return _as_shipped(kind)
    query = select(OfficeText).where(
        OfficeText.office_id == office.id, OfficeText.kind == kind, OfficeText.number == number
    )
    row = db.session.scalars(query.options(joinedload(OfficeText.made_by))).one_or_none()
    return None if row is None else _version(row)


def versions_of(office: LetterOffice, kind: TextKind, *, page: int = 1) -> Paged[OfficeText]:
    """The versions that an office saved, the newest first."""
    query = select(OfficeText).where(OfficeText.office_id == office.id, OfficeText.kind == kind)
    query = query.options(joinedload(OfficeText.made_by))
    return one_page(query, OfficeText.id, OfficeText.number.desc(), page=page, size=PAGE)


def save(
    office: LetterOffice, kind: TextKind, source: str, *, actor: Actor, seen_version: int | None = None
) -> OfficeText:
    """Keep a new version of a text.

    ``seen_version``: the number of the version that the page was made from. Raises FaultyText with all its
    faults, Stale, Refused where it says what is in use already.
    """
    read(kind, source)
    return _add(office, kind, Source(source).text.strip() + "\n", None, actor=actor, seen=seen_version)


def go_back(
    office: LetterOffice, kind: TextKind, number: int, *, actor: Actor, seen_version: int | None = None
) -> OfficeText:
    """Take an earlier version again, 0 for the portal's own text: a new version with its words.

    Raises Stale, Refused where there is no such version or where it is in use already.
    """
    earlier = version_of(office, kind, number)
    if earlier is None:
        raise Refused("There is no such version of this text")
    return _add(office, kind, earlier.source, number, actor=actor, seen=seen_version)


def _add(
    office: LetterOffice, kind: TextKind, source: str, back_to: int | None, *, actor: Actor, seen: int | None
) -> OfficeText:
    """The next version; who adds one holds the office, so that two get two numbers."""
    hold(office)
    before = newest_of(office)[kind]
    require_seen("office_text", before.id or 0, before.number, seen)
    if source.strip() == before.source.strip():
        raise Refused("This is the text in use already: nothing was changed", field="source")
    row = OfficeText(
        office_id=office.id,
        province_id=office.province_id,
        kind=kind,
        number=before.number + 1,
        source=source,
        back_to=back_to,
        made_at=clock.now(),
        made_by_id=actor.account_id,
    )
    with audit.act("letters.text" if back_to is None else "letters.text_again"):
        db.session.add(row)
        db.session.flush()
    return row


@lru_cache(maxsize=64)
def read(kind: TextKind, source: str) -> LetterText:
    """A text read for letters of its kind. Raises FaultyText, also where it is a text of another form."""
    text, usual = read_text(source, scope_of(kind)), shipped(shipped_of(kind))
    faults = Faults(text.source)
    if text.form is not usual.form:
        faults.add(_line_of(text.source, FORM), Reason.OTHER_FORM, names=_word_for(FORMS, usual.form))
    if text.circular is not usual.circular:
        word = _word_for(YES_OR_NO, usual.circular)
        faults.add(_line_of(text.source, CIRCULAR), Reason.OTHER_CIRCULAR, names=word)
    faults.raise_if_any()
    return text


def _line_of(source: Source, name: str) -> int:
    """Where a line of the head begins; the beginning where it is not there."""
    found = re.search(rf"^{name}:", source.text, re.MULTILINE)
    return found.start() if found else 0


def _word_for(words: Mapping[str, object], meant: object) -> str:
    return next(word for word, one in words.items() if one is meant)


# -- the text of a letter --------------------------------------------------------------------------------


def usual_for(writer: OfficeKind) -> TextKind:
    """The text that letters of an office are made from where nothing else is chosen."""
    return TEXTS_OF[writer][0]


def kind_of(dispatch: Dispatch) -> TextKind:
    """Which text a letter is made from."""
    return dispatch.text_kind or usual_for(dispatch.office.kind)


def is_one_letter(dispatch: Dispatch) -> bool:
    """True where all addressees get the same one letter: its text is about the whole country."""
    return scope_of(kind_of(dispatch)).of_country


def text_of(dispatch: Dispatch) -> Version:
    """The text of a letter, in the version that it holds to."""
    if dispatch.text_id is None or dispatch.text is None:
        return _as_shipped(kind_of(dispatch))
    return _version(dispatch.text)


def choose(dispatch: Dispatch, chosen: tuple[TextKind, int] | None) -> None:
    """Let a draft hold to a version of a text; None: to the one in use of the text that it has.

    Raises Refused where the office makes no letters from such a text.
    """
    kind, number = chosen or (kind_of(dispatch), None)
    if kind not in TEXTS_OF[dispatch.office.kind]:
        raise Refused("Choose the words from the list", field="text")
    if number is None:
        version: Version | None = newest_of(dispatch.office)[kind]
    else:
        version = version_of(dispatch.office, kind, number)
    if version is None:
        raise Refused("Choose the words from the list", field="text")
    dispatch.text_kind, dispatch.text_id = kind, version.id
    dispatch.text = db.session.get(OfficeText, version.id) if version.id is not None else None


def offered(
    office: LetterOffice | None, writer: OfficeKind, *, kept: Iterable[Version] = ()
) -> list[Version]:
    """What a draft may be made from: each text in use, and the versions that it holds to already."""
    newest = newest_of(office) if office is not None else {}
    found = [newest.get(one) or _as_shipped(one) for one in TEXTS_OF[writer]]
    return [*found, *(one for one in kept if one not in found)]


def _version(row: OfficeText) -> Version:
    by = row.made_by.name if row.made_by is not None else ""
    return Version(row.kind, row.number, row.source, row.made_at, by, row.id)


def _as_shipped(kind: TextKind) -> Version:
    return Version(kind, SHIPPED, shipped_of(kind).source)
