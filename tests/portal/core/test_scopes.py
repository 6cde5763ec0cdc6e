"""Which rows each desk is shown, kind by kind: the condition that every query gets."""

from __future__ import annotations

from typing import Any

import pytest

from models.account import Account, Grant
from models.agency import Agency
from models.assessor import Assignment
from models.disclosure import Disclosure
from models.granting import Notice
from models.job import Job
from models.kept_form import KeptForm
from models.letter import Letter, StoredFile
from models.participation import Participation
from models.register_import import RegisterImport
from models.round import Round
from portal.core.scopes import NOTHING, SYSTEM, Reach, Scope, criterion

COUNTRY = Scope(Reach.COUNTRY, None, 7)
PROVINCE = Scope(Reach.PROVINCE, 52, 7)
AGENCY = Scope(Reach.AGENCY, 4, 7)
BODY = Scope(Reach.ASSESSOR, 9, 7)
ASSIGNED = "IN (SELECT assignment.{} FROM assignment WHERE assignment.body_id = 9)"


def rows(model: type[Any], scope: Scope) -> str:
    """The condition in SQL, on one line; "true" for all rows, "false" for none."""
    return " ".join(str(criterion(model, scope).compile(compile_kwargs={"literal_binds": True})).split())


@pytest.mark.parametrize(
    ("model", "scope", "seen"),
    [
        (Agency, COUNTRY, "true"),
        (Agency, PROVINCE, "agency.province_id = 52"),
        (Agency, AGENCY, "agency.id = 4"),
        (Agency, BODY, "agency.id " + ASSIGNED.format("agency_id")),
        (Participation, COUNTRY, "true"),
        (Participation, PROVINCE, "participation.province_id = 52"),
        (Participation, AGENCY, "participation.agency_id = 4"),
        (Participation, BODY, "participation.id " + ASSIGNED.format("participation_id")),
        (Disclosure, AGENCY, "disclosure.agency_id = 4"),
        (Disclosure, BODY, "disclosure.participation_id " + ASSIGNED.format("participation_id")),
        (Assignment, BODY, "assignment.body_id = 9"),
        (Account, COUNTRY, "true"),
        (Account, PROVINCE, "account.id = 7 OR account.province_id = 52"),
        (Account, AGENCY, "account.id = 7"),
        (Grant, AGENCY, '"grant".account_id = 7'),
        (RegisterImport, COUNTRY, "true"),
        (RegisterImport, PROVINCE, "false"),
        (Job, COUNTRY, "true"),
        (Job, PROVINCE, "job.account_id = 7"),
        (Notice, COUNTRY, "notice.account_id = 7"),
        (Notice, AGENCY, "notice.account_id = 7"),
        (KeptForm, COUNTRY, "false"),
        (StoredFile, COUNTRY, "stored_file.account_id = 7 OR stored_file.internal IS false"),
        (StoredFile, PROVINCE, "stored_file.account_id = 7 OR stored_file.province_id = 52"),
        (StoredFile, AGENCY, "stored_file.account_id = 7"),
        (Letter, COUNTRY, "true"),
        (Letter, PROVINCE, "letter.province_id = 52"),
        (Letter, AGENCY, "false"),
        (Round, AGENCY, "true"),
    ],
)
def test_a_desk_is_shown_its_own_rows(model: type[Any], scope: Scope, seen: str) -> None:
    assert rows(model, scope) == seen


@pytest.mark.parametrize("model", [Agency, Account, Job, Notice, StoredFile, Letter])
def test_nobody_is_shown_nothing_and_the_system_everything(model: type[Any]) -> None:
    assert rows(model, NOTHING) == "false"
    assert rows(model, SYSTEM) == "true"
    assert rows(Round, NOTHING) == "true"


def test_a_class_without_an_owner_cannot_be_shown() -> None:
    with pytest.raises(TypeError, match="no scope"):
        criterion(object, COUNTRY)
