"""What a database says of a broken rule, and what a person reads instead."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError

from models.job import Job
from models.place import Province
from portal.core.database import rules
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.world import NOW


class OfPostgres(Exception):
    """An error as PostgreSQL's driver raises it: the rule stands beside its text."""

    def __init__(self, rule: str | None) -> None:
        super().__init__("duplicate key")
        self.diag = SimpleNamespace(constraint_name=rule)


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (OfPostgres("uq_round_name"), "uq_round_name"),
        (OfPostgres(None), ""),
        (sqlite3.IntegrityError("UNIQUE constraint failed: round.name"), "uq_round_name"),
        (
            sqlite3.IntegrityError(
                "UNIQUE constraint failed: letter_number.office_id, letter_number.year,"
                " letter_number.circulars, letter_number.number"
            ),
            "uq_letter_number_office_id_year_circulars_number",
        ),
        (
            sqlite3.IntegrityError("UNIQUE constraint failed: round.fiscal_year, round.scheme"),
            "uq_round_fiscal_year_scheme",
        ),
        (sqlite3.IntegrityError("UNIQUE constraint failed: round.state"), ""),
        (sqlite3.IntegrityError("UNIQUE constraint failed: no_table.name"), ""),
        (sqlite3.IntegrityError("NOT NULL constraint failed: round.name"), ""),
        (None, ""),
    ],
)
def test_the_broken_rule_is_known_by_what_the_driver_says(error: BaseException | None, rule: str) -> None:
    assert rules.broken_rule(error) == rule


def test_a_named_rule_is_a_refusal_at_its_field_and_another_stays_a_fault() -> None:
    refused = rules.refusal_of(OfPostgres("uq_round_name"))
    assert refused is not None and refused.field == "name"
    assert rules.refusal_of(OfPostgres("uq_job_open_key")) is None


@pytest.mark.postgres
def test_a_refusal_is_made_for_each_who_meets_it(app: Portal) -> None:
    """Never one object for all: each person's page words it anew."""
    met = []
    for _person in range(2):
        with app.app_context(), privileged("a test") as session:
            session.add(Province(code="52", name="ใหม่", name_en="", region="", sort_key=""))
            with pytest.raises(Refused) as caught:
                session.flush()
            session.rollback()
        met.append(caught.value)
    assert met[0] is not met[1] and {one.field for one in met} == {"code"}


@pytest.mark.postgres
def test_a_rule_without_words_stays_the_databases_error(app: Portal) -> None:
    with app.app_context(), privileged("a test") as session:
        session.add_all(
            Job(kind="test", title="ซ้ำ", created_at=NOW, open_key="the same") for _twice in range(2)
        )
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
