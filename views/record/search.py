"""Looking for events among millions: what is typed becomes equalities on indexed columns.

A word is looked up where names are few (people, agencies, provinces, the closed lists of acts and kinds); the
record itself is then asked by key. A text inside a column is never looked for in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, or_, select

from models.account import Account
from models.agency import Agency
from models.audit import AuditEvent
from models.place import Province
from models.search import Word
from models.thai import arabic_digits
from portal.core.database.session import db
from portal.core.search import holds
from views.record.words import ACTS, THINGS

#: more names than these are so many events that the newest are found soon: the names stay a subquery
MOST_NAMES = 300


def events_of(word: Word) -> list[ColumnElement[bool]]:
    """Conditions of which one finds an event by a word: act, row, person, agency or province."""
    people = people_named(word)
    accounts = named(_texts(people, Account.id))
    return [
        AuditEvent.act.in_(acts_named(word.typed)),
        AuditEvent.thing.in_(THINGS) & (AuditEvent.row == arabic_digits(word.typed)),
        AuditEvent.account_id.in_(named(people)),
        (AuditEvent.thing == "account") & AuditEvent.row.in_(accounts),
        AuditEvent.chain.in_(named(_chains("agency", Agency, word))),
        AuditEvent.chain.in_(named(_chains("province", Province, word))),
    ]


def people_named(word: Word) -> Select[int]:
    """The accounts whose name or user name holds a word."""
    return select(Account.id).where(or_(holds(Account.name, word), holds(Account.username, word)))


def acts_named(typed: str) -> list[str]:
    """The acts whose words or code hold a text; the text itself as a code that has no words."""
    text = typed.lower()
    return [*(code for code, words in ACTS.items() if text in code or text in str(words).lower()), typed]


def named(query: Select[Any]) -> Sequence[Any] | Select[Any]:
    """The keys themselves where they are few, so that the record's indexes serve; else the query."""
    ids = db.session.scalars(query.limit(MOST_NAMES + 1)).all()
    return ids if len(ids) <= MOST_NAMES else query


def _texts(query: Select[Any], key: Any, before: str = "") -> Select[Any]:
    """The keys of a query as the record writes them."""
    return query.with_only_columns(literal(before) + cast(key, String))


def _chains(kind: str, model: type[Agency] | type[Province], word: Word) -> Select[Any]:
    return _texts(select(model.id).where(holds(model, word)), model.id, f"{kind}:")
