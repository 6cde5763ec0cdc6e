"""A survey as the form knows it, made by hand: two questions, an agency of the tests' world, windows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.instrument import InstrumentKind
from models.round import RoundState
from models.windows import WindowSpan
from portal.ballot.questionnaire import Block, QuestionLine, Questionnaire, Section
from survey_forms.context import RoundFacts, Survey
from tests.support.world import NOW

EIT = InstrumentKind.EIT
DAY = timedelta(days=1)
FOUR, TWO = ("น้อยที่สุด", "น้อย", "มาก", "มากที่สุด"), ("มี", "ไม่มี")
QUESTIONNAIRE = Questionnaire(
    instrument_id=1,
    edition=1,
    kind=EIT,
    name="แบบ EIT",
    year="2561",
    sections=(
        Section(
            "คุณภาพ",
            (
                Block("", "", FOUR, (QuestionLine(0, 1, "E1.1", "บริการรวดเร็วเพียงใด", FOUR),)),
                Block("", "", TWO, (QuestionLine(1, 2, "E2.1", "มีป้ายบอกทางหรือไม่", TWO),)),
            ),
        ),
    ),
)


def span(opens: timedelta, closes: timedelta) -> WindowSpan:
    """A window by its distances from now."""
    return WindowSpan(NOW + opens, NOW + closes, "main")


def survey(*spans: WindowSpan, code: str = "2" * 21, **changes: Any) -> Survey:
    """An open survey with these windows (one around now, unless given) and changes of it or of its round."""
    facts: dict[str, Any] = {
        "round_id": 1,
        "year": "2561",
        "state": RoundState.OPEN,
        "first_digits": "12345678",
        "detail_threshold": 10,
        "total_threshold": 3,
        "grace": timedelta(minutes=15),
        "spans": {EIT: spans or (span(-DAY, DAY),)},
        "questionnaires": {EIT: QUESTIONNAIRE},
        "public_key": bytes(32),
        "urn_ready": True,
    }
    own: dict[str, Any] = {
        "code": code,
        "revoked": False,
        "confirmed": True,
        "kind": EIT,
        "participation_id": 1,
        "agency_id": 1,
        "province_id": 1,
        "agency_kind": "เทศบาลตำบล",
        "agency_name": "เกาะคา",
        "agency_full_name": "เทศบาลตำบลเกาะคา",
        "province_name": "ลำปาง",
    }
    of_round = {name: changes.pop(name) for name in list(changes) if name in facts}
    return Survey(**(own | changes), round=RoundFacts(**(facts | of_round)))
