"""Moments as the respondents' pages say them, in the language of the page."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_datetime

from models.thai import thai_datetime, thai_deadline
from models.zone import BANGKOK
from portal.ballot.languages import THAI
from portal.ballot.public_words import spoken


def moment_in_words(moment: datetime) -> str:
    """A moment: "1 มิถุนายน 2561 เวลา 08:30 น.", "1 June 2018 08:30"."""
    return thai_datetime(moment) if spoken().language == THAI else _in_words(moment)


def deadline_in_words(moment: datetime) -> str:
    """The end of a half-open span. Midnight is the last minute of the day before."""
    if spoken().language == THAI:
        return thai_deadline(moment)
    here = moment.astimezone(BANGKOK)
    return _in_words(here - timedelta(minutes=1) if (here.hour, here.minute) == (0, 0) else here)


def _in_words(moment: datetime) -> str:
    return format_datetime(moment, "d MMMM y HH:mm", tzinfo=BANGKOK, locale=spoken().language)
