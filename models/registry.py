"""Every table, imported once, so that the metadata is whole (migrations, scopes, tests)."""

from models import (
    account,
    agency,
    assessor,
    audit,
    ballot,
    contributor,
    disclosure,
    granting,
    instrument,
    job,
    kept_form,
    letter,
    participation,
    place,
    register_import,
    result,
    roster,
    round,
    sent_form,
    survey,
)

MODULES = (
    account, agency, assessor, audit, ballot, contributor, disclosure, granting, instrument,
    job, kept_form, letter, participation, place, register_import, result, roster, round, sent_form,
    survey,
)  # fmt: skip
