"""Rules between rows that the database keeps, and what a person reads who breaks one.

Two people who press at the same moment both pass every check of the application; the database refuses the
second. Here, and nowhere else, its refusal becomes a ``Refused`` with words and a field, at the flush that
met it: services and forms treat it as any other refusal. A rule that is not named here stays a fault.
"""

from __future__ import annotations

from flask import Flask, has_app_context
from sqlalchemy import Index, UniqueConstraint, event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import IntegrityError

from models.base import Base
from portal.core.errors import Refused

#: by the names of constraints and unique indexes: what is said, and the field of a form that it is about
RULES: dict[str, Refused] = {
    "uq_account_folded_username": Refused("This user name is taken: choose another", field="username"),
    "uq_saved_filter_account_id_role_place_list_name": Refused(
        "You keep a filter of this name already: choose another", field="name"
    ),
    "uq_saved_filter_default": Refused(
        "Another filter became the first of this list at the same moment: save once more"
    ),
    "uq_account_username": Refused("This user name is taken: choose another", field="username"),
    "uq_api_token_name": Refused(
        "You have a token of this name already: end it, or choose another name", field="name"
    ),
    "uq_activation_code_account_id": Refused(
        "Somebody issued a code for this person at the same moment: issue it once more if you need it"
    ),
    "uq_grant_request_waiting": Refused(
        "Something waits for a second officer for this person already", field="role"
    ),
    "uq_grant_follows_id": Refused("This desk was handed over at the same moment: load the page and look"),
    "uq_round_fiscal_year_scheme": Refused("This fiscal year has a round already", field="fiscal_year"),
    "uq_round_name": Refused("Another round has this name", field="name"),
    "uq_letter_office_province_id": Refused(
        "Somebody saved these settings at the same moment: load the page and look at them first"
    ),
    "uq_letter_office_of_the_country": Refused(
        "Somebody saved these settings at the same moment: load the page and look at them first"
    ),
    "uq_letter_number_office_id_year_circulars_number": Refused(
        "This number was used in this year already", field="number"
    ),
    "uq_office_text_office_id_kind_number": Refused(
        "Somebody saved this text at the same moment: load the page and look at it first"
    ),
    "uq_number_series_office_id_year_circulars": Refused("This series was begun at the same moment"),
    "uq_dispatch_replaces_id": Refused("A draft that replaces this letter is there already"),
    "uq_certificate_release_round_id": Refused("The certificates of this round were released already"),
    "uq_key_destruction_round_id_number": Refused(
        "Somebody wrote this certificate already: look at it, and correct it where it is wrong"
    ),
    "uq_certificate_participation_id": Refused("The certificates of this round were released already"),
    "uq_delivery_desk_receipt_year_receipt_number": Refused(
        "This receipt number was used in this year already", field="number"
    ),
    "uq_receipt_book_desk": Refused(
        "Somebody saved these settings at the same moment: load the page and look at them first"
    ),
    "uq_survey_link_living": Refused(
        "This link was replaced at the same moment: the page of links shows the new one"
    ),
    "uq_roster_entry_participation_id_fingerprint": Refused(
        "The same person was added to the roster at the same moment", field="name"
    ),
    "uq_roster_entry_participation_id_number": Refused(
        "The roster was changed at the same moment: send it once more"
    ),
    "uq_extension_standing": Refused(
        "Somebody extended the time of one of these agencies at the same moment: load the page and look"
    ),
    "uq_agency_code": Refused("Another agency has this code", field="code"),
    "uq_agency_district_id_kind_full_name_code": Refused(
        "This agency is in the register already", field="name"
    ),
    "uq_agency_without_code": Refused(
        "An agency of this name without a code is in the district already", field="name"
    ),
    "uq_agency_change_part_open": Refused(
        "An agency is in one change at a time, and one of these waits already"
    ),
    "uq_assessor_body_name": Refused("Another assessor body has this name", field="name"),
    "uq_assessor_conflict_body_id_province_id": Refused(
        "This body is kept from this province already", field="province"
    ),
    "uq_assessor_conflict_body_id_agency_id": Refused(
        "This body is kept from this agency already", field="code"
    ),
    "uq_assignment_participation_id": Refused(
        "An agency was given to another body at the same moment: load the page and look again"
    ),
    "uq_assignment_participation_id_body_id": Refused(
        "An agency was given to another body at the same moment: load the page and look again"
    ),
    "uq_participation_round_id_agency_id": Refused("The agencies were taken up at the same moment"),
    "uq_roster_judgement_participation_id": Refused("The roster was judged at the same moment"),
    "uq_data_request_waiting": Refused(
        "The same was asked for this person already and is not answered yet: answer that request",
        field="kind",
    ),
    "uq_roster_erasure_round_id": Refused("The personal data of this round are being erased already"),
    "uq_sample_draw_participation_id": Refused("The sample of this agency has been drawn already"),
    "uq_disclosure_participation_id": Refused("The checklist was begun at the same moment: save once more"),
    "uq_sector_name": Refused("Another sector has this name", field="name"),
    "uq_sector_short": Refused("Another sector has this short form", field="short"),
    "uq_province_sector_id_code": Refused("Another province has this code", field="code"),
    "uq_province_sector_id_name": Refused("Another province has this name", field="name"),
    "uq_district_province_id_code": Refused("Another district has this code", field="code"),
    "uq_headcount_correction_open": Refused("A correction was asked for at the same moment: load the page"),
    "uq_agency_contact_agency_id": Refused(
        "Somebody saved these contacts at the same moment: load the page and look at them first"
    ),
    "uq_province_contact_province_id": Refused(
        "Somebody saved these contacts at the same moment: load the page and look at them first"
    ),
    "uq_people_setting_single_sector_id": Refused(
        "Somebody saved these settings at the same moment: load the page and look at them first"
    ),
    "uq_passkey_credential_id": Refused("This passkey belongs to an account already"),
    "uq_year_link_round_id_earlier_id_instrument_code": Refused(
        "Somebody decided on this at the same moment: look at the page anew"
    ),
    "uq_year_link_round_id_earlier_id_instrument_earlier_code": Refused(
        "Another question or item has been laid beside this one already: take that back first",
        field="earlier",
    ),
    "uq_reminder_rule_round_id_stage_days": Refused("This rule is there already", field="days"),
    "uq_year_mapping_round_id_earlier_id": Refused("Somebody confirmed it at the same moment"),
    "uq_agency_kind_code": Refused("Another kind has this code", field="code"),
    "uq_agency_kind_name": Refused("Another kind has this name", field="name"),
    "uq_agency_kind_short": Refused("Another kind has this short form", field="short"),
    "uq_agency_size_code": Refused("Another size has this code", field="code"),
    "uq_agency_size_name": Refused("Another size has this name", field="name"),
    "uq_descriptive_field_owner_key": Refused("Another field has this key", field="key"),
    "uq_descriptive_field_owner_heading": Refused("Another field has this name", field="label"),
    "uq_totp_secret_account_id": Refused("Another window of yours set this up at the same moment"),
}
#: what triggers refuse, by the name that each of them gives
TRIGGERS: dict[str, Refused] = {
    "grant_of_sector": Refused("This person works for another sector: make an account for this one"),
    "assignment_apart": Refused("A conflict of interest keeps an agency from this body: look again"),
}


def init_app(_app: Flask) -> None:
    """Listen to what databases refuse; once for all applications of the process."""
    if not event.contains(Engine, "handle_error", _as_a_refusal):
        event.listen(Engine, "handle_error", _as_a_refusal)


def refusal_of(error: BaseException | None) -> Refused | None:
    """What a person reads of a driver's error, None where it is no broken rule that is named here."""
    rule = broken_rule(error)
    known = RULES.get(rule) or TRIGGERS.get(rule)
    return None if known is None else Refused(known.message_id, field=known.field)


def broken_rule(error: BaseException | None) -> str:
    """The name of the rule that a driver's error is about; "" where it is none of ours.

    PostgreSQL names the rule; SQLite names its columns.
    """
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "")
    text = str(error)
    if text in TRIGGERS:
        return text
    if not text.startswith("UNIQUE constraint failed: "):
        return ""
    columns = [name.strip() for name in text.partition(": ")[2].split(",")]
    return _of_columns(columns[0].partition(".")[0], {name.rpartition(".")[2] for name in columns})


def _of_columns(table_name: str, columns: set[str]) -> str:
    table = Base.metadata.tables.get(table_name)
    for rule in (*table.constraints, *table.indexes) if table is not None else ():
        unique = isinstance(rule, UniqueConstraint) or (isinstance(rule, Index) and rule.unique)
        if unique and {column.name for column in rule.columns} == columns:  # type: ignore[attr-defined]
            return str(getattr(rule, "name", ""))
    return ""


def _as_a_refusal(context: ExceptionContext) -> None:
    """Raise what a person can read in the place of the driver's error."""
    if not has_app_context() or not isinstance(context.sqlalchemy_exception, IntegrityError):
        return
    refused = refusal_of(context.original_exception)
    if refused is not None:
        raise refused from context.original_exception
