"""Ready texts for a late agency: they name exactly the steps that it lacks, by when, and whom to ask.

For LINE a short one, for e-mail one with a subject, for a letter the paragraphs from "ตามที่" to "จึงเรียนมา",
and one for a group in LINE that names every agency of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from flask import current_app

from models.round import Round, Stage
from models.thai import NBSP, thai_date, thai_datetime_short, thai_digits
from portal.ballot.counting import counted_at
from portal.chasing.lacks import ABOUT, Due
from portal.chasing.listing import Chase, Late, Missing
from portal.core.calling import Call, calls_of
from portal.core.database.session import db
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _


@dataclass(frozen=True)
class Ready:
    """The texts for one agency."""

    line: str
    subject: str
    mail: str
    letter: str


@dataclass(frozen=True)
class Writer:
    """Who writes about which round: the office that sends, whom the agency asks, the portal's address."""

    round: Round
    due: Due
    office: str
    ask: Call | None
    url: str
    #: since when the counts stand that the agencies read; None before the first
    counted: datetime | None = None

    @classmethod
    def of(cls, chase: Chase, office: str, province_id: int | None) -> Writer:
        """Of this installation, to agencies of a province (None: of several), who ask the office nearest."""
        ask = next(iter(calls_of(db.session(), province_id)), None)
        url: str = current_app.settings.public_url  # type: ignore[attr-defined]
        return cls(chase.round, chase.due, office, ask, f"{url}/", counted_at())

    def ready(self, late: Late) -> Ready:
        """The texts for an agency that lacks something."""
        return Ready(self._line(late), self._subject(late), self._mail(late), self._letter(late))

    def group(self, listed: Sequence[Late]) -> str:
        """One text for a group in LINE: each agency with the steps that it lacks, under their last day."""
        lines = [_("ITA %(year)s: not done yet", year=self.year)]
        for stage in self.due.stages:
            behind = [one for one in listed if stage in one.stages]
            for day in sorted({one.last_day(stage) for one in behind}):
                lines += ["", self._head(stage, day)]
                lines += [
                    f"- {one.short_name}: {self._in_short(one, stage)}"
                    for one in behind
                    if one.last_day(stage) == day
                ]
        lines += ["", _("Sign in at %(url)s", url=self.url)]
        return "\n".join(lines)

    def _line(self, late: Late) -> str:
        lines = [
            _("ITA %(year)s: %(agency)s has not done yet", year=self.year, agency=late.full_name),
            *self._steps(late),
            "",
            _("Sign in at %(url)s", url=self.url),
            *self._asking(),
        ]
        return "\n".join(lines)

    def _subject(self, late: Late) -> str:
        count = len(late.missing)
        return _(
            "ITA %(year)s: %(count)s steps of %(agency)s are not done yet",
            year=self.year,
            count=count,
            agency=late.full_name,
        )

    def _mail(self, late: Late) -> str:
        lines = [
            _("Dear admin and executive of %(agency)s,", agency=late.full_name),
            "",
            _("In the ITA assessment of the fiscal year %(year)s this is not done yet:", year=self.year),
            *self._steps(late),
            "",
            _("Please sign in at %(url)s and do it within the time.", url=self.url),
            *self._asking(),
            "",
            self.office,
        ]
        return "\n".join(lines)

    def _letter(self, late: Late) -> str:
        """In Thai digits, as official letters are written (rules of an official letter)."""
        last = thai_date(max(late.last_day(stage) for stage in late.stages))
        paragraphs = (
            _(
                "Whereas the agency takes part in the ITA assessment of the fiscal year %(year)s",
                year=self.year,
            ),
            _(
                "%(office)s has looked into the status and finds that %(agency)s has not done this yet:",
                office=self.office,
                agency=late.full_name,
            )
            + "".join(f"\n{line}" for line in self._steps(late, numbered=True)),
            _("This is to ask you to have it done by %(day)s", day=last),
        )
        return thai_digits("\n\n".join(paragraphs))

    @property
    def year(self) -> str:
        """The fiscal year as texts say it."""
        return self.round.year_and_scheme

    def _steps(self, late: Late, *, numbered: bool = False) -> Iterator[str]:
        """The steps under their stage and its last day."""
        number = 0
        for stage, missing in groupby(late.missing, key=lambda one: ABOUT[one.lack].stage):
            yield self._head(stage, late.last_day(stage))
            for one in missing:
                number += 1
                words = words_told(one, self.counted)
                yield f"{number}.{NBSP}{words}" if numbered else f"- {words}"

    def _in_short(self, late: Late, stage: Stage) -> str:
        here = [one for one in late.missing if ABOUT[one.lack].stage is stage]
        return ", ".join(words_told(one, self.counted) for one in here)

    def _head(self, stage: Stage, day: date) -> str:
        return _("%(stage)s, last day %(day)s", stage=STAGE_NAMES[stage], day=thai_date(day))

    def _asking(self) -> list[str]:
        return [_("Questions: %(who)s", who=self.ask.words)] if self.ask and self.ask.reachable else []


def short_words_of(missing: Missing) -> str:
    """A step that is lacking, as a list has room for it."""
    if missing.left is None:
        return str(ABOUT[missing.lack].hangs)
    return _("%(survey)s %(left)s missing", survey=missing.lack.value.upper(), left=missing.left)


def words_told(missing: Missing, counted: datetime | None) -> str:
    """The same to the agency: with the answers that it reads itself, and since when they stand (ADR 53)."""
    if missing.minimum is None or missing.answers is None:
        return words_of(missing)
    told = words_of(replace(missing, answers=min(missing.told, missing.answers)))
    if counted is None:
        return told
    return _("%(words)s (as of %(when)s)", words=told, when=thai_datetime_short(counted))


def words_of(missing: Missing) -> str:
    """A step that is lacking in words, of a survey with its numbers."""
    label = str(ABOUT[missing.lack].label)
    if missing.left is None:
        return label
    name = missing.lack.value.upper()
    return _(
        "%(survey)s: %(answers)s of at least %(minimum)s answers, %(left)s missing",
        survey=name,
        answers=missing.answers,
        minimum=missing.minimum,
        left=missing.left,
    )
