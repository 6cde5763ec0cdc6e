"""The forms of the rounds room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from models.round import LONGEST_SCHEME, USUAL_SCHEME, CombineRule, Round, scheme_code
from models.thai import arabic_digits
from portal.content.year import YEARS
from portal.core.forms import ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.register import sectors
from portal.rounds import windows
from portal.rounds.content.start import NOTHING, ROUND, SHIPPED
from portal.rounds.desk import Settings
from portal.rounds.windows import KEYS, Key, Plan
from views.rounds.words import COMBINES, WINDOWS


def _code(typed: Any) -> str:
    """A scheme as it was typed, as its code; "" where nothing was."""
    return scheme_code(typed) if str(typed or "").strip() else ""


class NewRoundForm(FlaskForm):
    """A new round: fiscal year, name, what it begins from, and its scheme where it is another one."""

    fiscal_year = IntegerField(
        lazy("Fiscal year (Buddhist era)"),
        [
            InputRequired(lazy("Enter the fiscal year")),
            NumberRange(2500, 2700, lazy("Enter a year of the Buddhist era, such as 2561")),
        ],
        description=lazy("The year that is assessed, also where its letters are sent after 1 October"),
    )
    scheme = StringField(
        lazy("Scheme of assessment"),
        [Length(max=LONGEST_SCHEME)],
        filters=[_code],
        description=lazy("A short code, such as ITA-2. Left empty, it is that of what the round begins from"),
    )
    name = StringField(
        lazy("Name of the round"), [InputRequired(lazy("Enter the name of the round")), Length(max=200)]
    )
    sector = SelectField(
        lazy("Sector"), coerce=int, description=lazy("Whose agencies are assessed; it never changes")
    )
    start = SelectField(
        lazy("Begin from"),
        description=lazy(
            "All but answers is copied and changes no other round; windows move by the years between"
        ),
    )

    #: the schemes that there are
    schemes: Sequence[str] = ()

    @property
    def scheme_matters(self) -> bool:
        """True where somebody has to see it: there is a second scheme, one was typed, the year is taken."""
        return len(self.schemes) > 1 or bool(self.scheme.data or self.fiscal_year.errors)

    @classmethod
    def after(cls, rounds: Sequence[Round]) -> NewRoundForm:
        """The form with everything that a round can begin from; ``rounds``: the newest first."""
        form = cls()
        form.schemes = schemes_of(rounds)
        named = sectors.all_sectors()
        form.sector.choices = [(one.id, one.name) for one in named]
        if len(named) < 2:
            del form.sector
        form.start.choices = [
            *((f"{ROUND}:{round.id}", _named(round)) for round in rounds),
            *(
                (f"{SHIPPED}:{year}", _("Shipped content of fiscal year %(year)s", year=year))
                for year in YEARS
            ),
            (NOTHING, _("Nothing: empty instruments")),
        ]
        return form


def schemes_of(rounds: Sequence[Round]) -> list[str]:
    """The schemes of these rounds, none twice."""
    return sorted({round.scheme for round in rounds})


def _named(round: Round) -> str:
    return f"{round.name} · {round.other_scheme}" if round.other_scheme else round.name


def _rule_value(rule: CombineRule | str) -> str:
    """What stands in the page: WTForms hands over the round's own rule, the browser its value."""
    return rule.value if isinstance(rule, CombineRule) else str(rule)


class SettingsForm(VersionedForm):
    """What can be set on a round."""

    name = StringField(
        lazy("Name of the round"), [InputRequired(lazy("Enter the name of the round")), Length(max=200)]
    )
    fiscal_year = IntegerField(
        lazy("Fiscal year (Buddhist era)"),
        [
            InputRequired(lazy("Enter the fiscal year")),
            NumberRange(2500, 2700, lazy("Enter a year of the Buddhist era, such as 2561")),
        ],
    )
    scheme = StringField(
        lazy("Scheme of assessment"),
        [Length(max=LONGEST_SCHEME)],
        filters=[lambda typed: scheme_code(typed or "")],
        description=lazy("A short code; it is not shown elsewhere while it is %(usual)s", usual=USUAL_SCHEME),
    )
    grace_minutes = IntegerField(
        lazy("Grace time after a survey's window (minutes)"),
        [NumberRange(0, 120, lazy("Enter 0 to 120 minutes"))],
        description=lazy("A form that was opened inside the window may still be sent so long"),
    )
    office_grace_minutes = IntegerField(
        lazy("Grace time after a window of preparation or OIT (minutes)"),
        [NumberRange(0, 120, lazy("Enter 0 to 120 minutes"))],
        description=lazy("What agencies send late is still taken so long; screens name the last day only"),
    )
    first_digits = StringField(
        lazy("Accepted first digits of the citizen ID"),
        [
            InputRequired(lazy("Enter at least one digit")),
            Regexp(r"^[0-9]{1,10}$", message=lazy("Digits only, such as 12345678")),
        ],
        filters=[lambda typed: arabic_digits(typed).replace(" ", "") if typed else typed],
        description=lazy("Numbers of other series begin with 0, 6 or 7; the form says what is accepted"),
    )
    eit_combine = RadioField(
        lazy("How the two parts of EIT combine"),
        choices=[(rule.value, label) for rule, label in COMBINES.items()],
        coerce=_rule_value,
    )
    detail_threshold = IntegerField(
        lazy("Smallest number of answers for questions, distributions and single channels"),
        [NumberRange(3, 1000, lazy("Enter 3 or more"))],
    )
    total_threshold = IntegerField(
        lazy("Smallest number of answers for indicators and totals"),
        [NumberRange(1, 1000, lazy("Enter 1 or more"))],
        description=lazy("With fewer answers the score is withheld, because it would give a person away"),
    )
    demo_wording = BooleanField(
        lazy("The wording is still the demonstration's own"),
        description=lazy("Take the tick away once the official wording stands in questions and OIT items"),
    )

    #: the schemes that there are
    schemes: Sequence[str] = ()

    @property
    def scheme_matters(self) -> bool:
        """True where somebody has to see the scheme: there is another one, or the year is taken."""
        return bool(set(self.schemes) | {self.scheme.data} != {USUAL_SCHEME} or self.fiscal_year.errors)

    @classmethod
    def of(cls, round: Round, rounds: Sequence[Round]) -> SettingsForm:
        """The form of a round as it is stored, or as it was sent; ``rounds``: all that there are."""
        form = cls(
            obj=round,
            version=str(round.version),
            grace_minutes=round.grace_seconds // 60,
            office_grace_minutes=round.office_grace_seconds // 60,
        )
        form.schemes = schemes_of(rounds)
        return form

    def validate_total_threshold(self, field: Any) -> None:
        """A total is shown from no more answers than a detail."""
        if field.data and self.detail_threshold.data and field.data > self.detail_threshold.data:
            raise ValidationError(_("It cannot be larger than the number for questions above"))

    def settings(self) -> Settings:
        """What was entered."""
        return Settings(
            name=str(self.name.data).strip(),
            fiscal_year=int(self.fiscal_year.data or 0),
            scheme=str(self.scheme.data),
            grace_seconds=60 * int(self.grace_minutes.data or 0),
            office_grace_seconds=60 * int(self.office_grace_minutes.data or 0),
            first_digits="".join(sorted(set(str(self.first_digits.data)))),
            eit_combine=CombineRule(self.eit_combine.data),
            detail_threshold=int(self.detail_threshold.data or 0),
            total_threshold=int(self.total_threshold.data or 0),
            demo_wording=bool(self.demo_wording.data),
        )


# -- windows -----------------------------------------------------------------------------------------------


def edge_name(key: Key, edge: str) -> str:
    """The name of the field of one date."""
    return f"{key[0].value}__{key[1].value}__{edge}"


class WindowsForm(VersionedForm):
    """First and last day of every window of every stage; the fields are made from the stages below."""

    @classmethod
    def of(cls, round: Round) -> WindowsForm:
        """The form of a round's windows as they are stored, or as they were sent."""
        data: dict[str, Any] = {"version": str(round.version)}
        for key, days in windows.current_plan(round).items():
            data |= {edge_name(key, edge): day for edge, day in zip(("first", "last"), days, strict=True)}
        return cls(data=data)

    def plan(self) -> dict[Key, tuple[date | None, date | None]]:
        """What was entered."""
        return {key: (self[edge_name(key, "first")].data, self[edge_name(key, "last")].data) for key in KEYS}

    def show_problems(self, problems: list[windows.Problem]) -> None:
        """Put each problem at its date."""
        for problem in problems:
            field = self[edge_name(problem.key, problem.edge)]
            field.errors = [*field.errors, _(problem.reason, **problem.values)]


for _stage, _kind in KEYS:
    for _edge, _label in (
        ("first", lazy("%(window)s: first day", window=WINDOWS[_kind])),
        ("last", lazy("%(window)s: last day", window=WINDOWS[_kind])),
    ):
        setattr(WindowsForm, edge_name((_stage, _kind), _edge), ThaiDateField(_label, [Optional()]))


def wrong_plan(round: Round, form: WindowsForm) -> Plan | None:
    """The plan that was entered, or None with its problems shown at the dates."""
    plan = form.plan()
    problems = windows.problems(round, plan)
    form.show_problems(problems)
    return None if problems else plan
