"""From a link's code to the survey it stands for, kept in this process for a few seconds.

Revoking a link, an executive's confirmation and a changed window therefore show within ``SECONDS``. A round
is read by the ORM and shared by all its links; a link costs one small statement.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from flask import current_app
from sqlalchemy import text

from models.ballot import UrnKey
from models.instrument import InstrumentKind
from models.participation import PreparationState
from models.phones import shown
from models.round import Round, RoundState, Stage
from models.survey import Channel
from models.windows import Phase, StageState, WindowSpan
from portal.ballot import keys
from portal.ballot.box import Box
from portal.ballot.languages import THAI, Wording, offered, wordings_of
from portal.ballot.links import is_code
from portal.ballot.public_words import speak
from portal.ballot.questionnaire import Questionnaire, load_questionnaire
from portal.ballot.wall import system_read
from portal.core.database.session import AWAY, privileged
from portal.core.stages import spans_of

SECONDS = 4.0
MOST_LINKS = 20_000
MOST_QUESTIONNAIRES = 200
STAGES = {InstrumentKind.IIT: Stage.IIT, InstrumentKind.EIT: Stage.EIT}

_AGENCY = (
    "p.id, p.agency_id, p.province_id, p.round_id, k.name AS kind, p.name, p.full_name,"
    " p.province_name, p.state"
)
_LINK = text(
    f"SELECT l.revoked_at IS NOT NULL, l.instrument, 'self', {_AGENCY} FROM survey_link l"  # noqa: S608
    " JOIN participation p ON p.id = l.participation_id JOIN agency_kind k ON k.code = p.kind"
    " WHERE l.code = :code"
    f" UNION ALL SELECT false, 'eit', 'on_site', {_AGENCY} FROM on_site_link o"
    " JOIN participation p ON p.id = o.participation_id JOIN agency_kind k ON k.code = p.kind"
    " WHERE o.code = :code"
)

_PHONE = text("SELECT phone FROM agency_contact WHERE agency_id = :agency")

Value = TypeVar("Value")


class Availability(enum.Enum):
    """Whether a survey takes answers now, and if not, why."""

    OPEN = "open"
    REVOKED = "revoked"
    NOT_READY = "not_ready"
    NOT_YET = "not_yet"
    NOT_CONFIRMED = "not_confirmed"
    OVER = "over"


@dataclass(frozen=True)
class RoundFacts:
    """What the form needs to know of a round."""

    round_id: int
    #: as people read it, with the scheme of assessment where that must be said
    year: str
    state: RoundState
    first_digits: str
    detail_threshold: int
    total_threshold: int
    grace: timedelta
    spans: dict[InstrumentKind, tuple[WindowSpan, ...]]
    questionnaires: dict[InstrumentKind, Questionnaire]
    public_key: bytes | None
    urn_ready: bool
    #: what the round says, by language
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    #: the questionnaires in further languages
    translated: Mapping[tuple[InstrumentKind, str], Questionnaire] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """The survey behind one link."""

    code: str
    revoked: bool
    confirmed: bool
    kind: InstrumentKind
    participation_id: int
    agency_id: int
    province_id: int
    agency_kind: str
    agency_name: str
    agency_full_name: str
    province_name: str
    round: RoundFacts
    language: str = THAI
    channel: Channel = Channel.SELF

    @property
    def on_site(self) -> bool:
        """True for the form on a device of the agency's office, which goes from one person to the next."""
        return self.channel is Channel.ON_SITE

    @property
    def languages(self) -> tuple[str, ...]:
        """The further languages in which it may be answered."""
        return tuple(language for kind, language in self.round.translated if kind is self.kind)

    @property
    def questionnaire(self) -> Questionnaire:
        """Its questions, in its language."""
        thai = self.round.questionnaires[self.kind]
        return self.round.translated.get((self.kind, self.language), thai)

    @property
    def box(self) -> Box:
        """Where its answers go; only for a survey that is open."""
        assert self.round.public_key is not None, "a survey is open only with keys"
        return Box(
            round_id=self.round.round_id,
            participation_id=self.participation_id,
            agency_id=self.agency_id,
            province_id=self.province_id,
            instrument=self.kind,
            public_key=self.round.public_key,
        )

    def stage(self, now: datetime) -> StageState:
        """The survey's stage at a moment."""
        return StageState.at(self.round.spans[self.kind], now)

    def availability(self, now: datetime, *, opened_at: datetime | None = None) -> Availability:
        """Whether it takes answers. A form opened inside a window may be sent for the grace time after it."""
        if self.revoked:
            return Availability.REVOKED
        stage = self.stage(now)
        in_time = stage.is_open or (
            opened_at is not None and stage.accepts(self.round.grace) and self.stage(opened_at).is_open
        )
        over = self.round.state in {RoundState.CLOSED, RoundState.OPENED}
        if over or (stage.phase is Phase.CLOSED and not in_time):
            return Availability.OVER
        if stage.phase is Phase.NO_WINDOW or self.round.state is not RoundState.OPEN:
            return Availability.NOT_READY
        if not in_time:
            return Availability.NOT_YET
        if not self.confirmed:
            return Availability.NOT_CONFIRMED
        if self.round.public_key is None or not self.round.urn_ready:
            return Availability.NOT_READY
        return Availability.OPEN


class _Kept(Generic[Value]):
    """Values by key that are asked for again after a few seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Any, tuple[float, Value]] = {}

    def get(self, key: Any, load: Callable[[], Value]) -> Value:
        """The value, at most ``SECONDS`` old."""
        found = self._values.get(key)
        now = time.monotonic()
        if found is not None and found[0] > now:
            return found[1]
        try:
            value = load()
        except AWAY:
            if found is None:
                raise
            return found[1]  # the facts of a moment ago: a form is better shown than lost
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[key] = (now + SECONDS, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()


_links: _Kept[Any] = _Kept(MOST_LINKS)
_rounds: _Kept[RoundFacts] = _Kept(100)
_questionnaires: dict[tuple[object, ...], Questionnaire] = {}


def clear() -> None:
    """Forget what is kept, so that the next request sees the database (for tests)."""
    _links.clear()
    _rounds.clear()
    _questionnaires.clear()


def resolve(code: str, language: str = THAI) -> Survey | None:
    """The survey behind a code; None where there was never such a link.

    Asked for in a language that the round does not have it is in Thai. This request's pages follow it.
    """
    if not is_code(code):
        return None
    place = _database()
    row = _links.get((place, code), lambda: _load_link(code))
    if row is None:
        return None
    revoked, kind, channel, participation, agency, province, round_id, *named = row
    agency_kind, name, full_name, where, state = named
    facts = _rounds.get((place, round_id), lambda: facts_of(round_id))
    kind = InstrumentKind(kind)
    language = language if (kind, language) in facts.translated else THAI
    speak(facts.wordings[language])
    return Survey(
        code=code,
        revoked=bool(revoked),
        confirmed=state == PreparationState.CONFIRMED.value,
        kind=kind,
        participation_id=participation,
        agency_id=agency,
        province_id=province,
        agency_kind=agency_kind,
        agency_name=name,
        agency_full_name=full_name,
        province_name=where,
        round=facts,
        language=language,
        channel=Channel(channel),
    )


def phone_of(survey: Survey) -> str:
    """Whom to call about a form that was not taken: the agency's telephone, "" where none is known."""
    try:
        with system_read() as connection:
            stored = connection.execute(_PHONE, {"agency": survey.agency_id}).scalar()
    except AWAY:
        return ""
    return shown(stored or "")


def _database() -> str:
    """Two applications in one process (tests) never share what they keep."""
    url: str = current_app.config["SQLALCHEMY_DATABASE_URI"]
    return url


def _load_link(code: str) -> Any:
    with system_read() as connection:
        return connection.execute(_LINK, {"code": code}).first()


def facts_of(round_id: int) -> RoundFacts:
    """What the form needs to know of a round, as it is now. Raises NoResultFound."""
    with privileged("a survey's round") as session:
        round = session.get_one(Round, round_id)
        urn = session.get(UrnKey, round_id)
        wordings = wordings_of(session, round_id)
        questionnaires = {kind: _questionnaire(session, round, kind, wordings[THAI]) for kind in STAGES}
        return RoundFacts(
            round_id=round_id,
            year=round.year_and_scheme,
            state=round.state,
            first_digits=round.first_digits,
            detail_threshold=round.detail_threshold,
            total_threshold=round.total_threshold,
            grace=timedelta(seconds=round.grace_seconds),
            spans={kind: spans_of(round, stage) for kind, stage in STAGES.items()},
            questionnaires=questionnaires,
            public_key=None if urn is None else bytes(urn.public_key),
            urn_ready=keys.urn_ready(round),
            wordings=wordings,
            translated={
                (kind, language): _questionnaire(session, round, kind, wordings[language])
                for kind in STAGES
                for language in offered(wordings, kind.value, questionnaires[kind].codes)
            },
        )


def _questionnaire(session: Any, round: Round, kind: InstrumentKind, wording: Wording) -> Questionnaire:
    """The questionnaire in its present edition and one language; loaded once for each."""
    edition = session.execute(
        text("SELECT id, edition FROM instrument WHERE round_id = :round AND kind = :kind"),
        {"round": round.id, "kind": kind.value},
    ).one()
    # a draft's rows are made anew with each step, and a database may give an id again
    key = (_database(), edition.id, edition.edition, round.version, wording.digest)
    if key not in _questionnaires:
        if len(_questionnaires) >= MOST_QUESTIONNAIRES:
            _questionnaires.clear()
        _questionnaires[key] = load_questionnaire(session, round.id, kind, wording=wording)
    return _questionnaires[key]
