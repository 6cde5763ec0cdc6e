"""The forms of the rounds room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from models.round import CombineRule, Round
from models.thai import arabic_digits
from portal.content.year import YEARS
from portal.core.forms import ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.rounds import windows
from portal.rounds.content.start import NOTHING, ROUND, SHIPPED
from portal.rounds.desk import Settings
from portal.rounds.windows import KEYS, Key, Plan
from views.rounds.words import COMBINES, WINDOWS


class NewRoundForm(FlaskForm):
    """A new round: fiscal year, name, and what it begins from."""

    fiscal_year = IntegerField(
        lazy("Fiscal year (Buddhist era)"),
        [
            InputRequired(lazy("Enter the fiscal year")),
            NumberRange(2500, 2700, lazy("Enter a year of the Buddhist era, such as 2561")),
        ],
        description=lazy("The year that is assessed, also where its letters are sent after 1 October"),
    )
    name = StringField(
        lazy("Name of the round"), [InputRequired(lazy("Enter the name of the round")), Length(max=200)]
    )
    start = SelectField(
        lazy("Begin from"),
        description=lazy(
            "All but answers is copied and changes no other round; windows move by the years between"
        ),
    )

    @classmethod
    def after(cls, rounds: Sequence[Round]) -> NewRoundForm:
        """The form with everything that a round can begin from; ``rounds``: the newest first."""
        form = cls()
        form.start.choices = [
            *((f"{ROUND}:{round.id}", round.name) for round in rounds),
            *(
                (f"{SHIPPED}:{year}", _("Shipped content of fiscal year %(year)s", year=year))
                for year in YEARS
            ),
            (NOTHING, _("Nothing: empty instruments")),
        ]
        return form


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

    @classmethod
    def of(cls, round: Round) -> SettingsForm:
        """The form of a round as it is stored, or as it was sent."""
        return cls(
            obj=round,
            version=str(round.version),
            grace_minutes=round.grace_seconds // 60,
            office_grace_minutes=round.office_grace_seconds // 60,
        )

    def validate_total_threshold(self, field: Any) -> None:
        """A total is shown from no more answers than a detail."""
        if field.data and self.detail_threshold.data and field.data > self.detail_threshold.data:
            raise ValidationError(_("It cannot be larger than the number for questions above"))

    def settings(self) -> Settings:
        """What was entered."""
        return Settings(
            name=str(self.name.data).strip(),
            fiscal_year=int(self.fiscal_year.data or 0),
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
