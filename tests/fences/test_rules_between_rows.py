"""Each rule between rows has its words, and what people read of it; no rule is told that is not there."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from models import registry
from models.base import Base
from portal.core.database.rules import RULES

assert registry.MODULES, "imported, so that the metadata is whole"

#: rules that no two acts of people meet, and why
NOT_MET = {
    "uq_activation_code_code_hash": "codes are random",
    "uq_agency_change_id_state": "the id alone is unique: what a part's state points at",
    "uq_announcement_receipt_account_id_announcement_id": "on conflict nothing is done",
    "uq_announcement_replaces_id": "made while the announcement that is replaced is held",
    "uq_api_token_token_hash": "tokens are random",
    "uq_audit_event_chain_sequence": "a chain's head is locked",
    "uq_certificate_public_id": "ids are random",
    "uq_certificate_release_id_number": "numbered by the one act of its release",
    "uq_chase_mail_participation_id_day_address": "on conflict nothing is done",
    "uq_chase_mail_rule_id_participation_id_day": "on conflict nothing is done",
    "uq_choice_scale_id_position": "made with its round, by one act",
    "uq_contributor_participation_id_part_account_id": "on conflict nothing is done",
    "uq_delivery_letter_id_desk": "sent while the letter is held, passed on while the province's copy is",
    "uq_disclosure_answer_disclosure_id_oit_item_id": "made while the participation is held",
    "uq_disclosure_link_answer_id_position": "written while the checklist is held",
    "uq_grade_band_round_id_grade": "written while the round is held",
    "uq_headcount_group_round_id_position": "written while the round is held",
    "uq_indicator_instrument_id_code": "made with its round, by one act",
    "uq_instrument_round_id_kind": "made with its round, by one act",
    "uq_interview_participation_id_position": "drawn while the participation is held",
    "uq_job_open_key": "an equal open job is given instead",
    "uq_letter_dispatch_id_province_id": "made by the one job of its letter",
    "uq_letter_notice_delivery_id_address": "written by the one job of its letter",
    "uq_letter_number_dispatch_id": "taken while the letter is held",
    "uq_letter_public_id": "ids are random",
    "uq_lost_password_waiting": "on conflict nothing is done: the first request waits",
    "uq_mail_code_account_id_purpose": "written while the account is held",
    "uq_mail_code_code_hash": "codes are random",
    "uq_oit_item_instrument_id_code": "made with its round, by one act",
    "uq_on_site_link_code": "codes are random",
    "uq_on_site_link_participation_id": "made while the participation is held",
    "uq_question_instrument_id_code": "made with its round, by one act",
    "uq_result_node_participation_id_instrument_level_code": "written by the one opening of a box",
    "uq_result_participation_id": "written by the one opening of a box",
    "uq_roster_judgement_participation_id_verdict": "uq_roster_judgement_participation_id is met first",
    "uq_roster_group_round_id_position": "written while the round is held",
    "uq_round_step_round_id_number": "written while the round is held",
    "uq_round_text_round_id_key": "written while the round is held",
    "uq_round_translation_round_id_language_thing_code_field": "written while the round is held",
    "uq_scale_round_id_code": "made with its round, by one act",
    "uq_sub_item_question_id_position": "made with its round, by one act",
    "uq_survey_link_code": "codes are random",
    "uq_window_round_id_stage_kind": "written while the round is held",
}


def rules() -> set[str]:
    """Every unique constraint and index of the tables."""
    return {
        str(rule.name)
        for table in Base.metadata.tables.values()
        for rule in (*table.constraints, *table.indexes)
        if isinstance(rule, UniqueConstraint) or (isinstance(rule, Index) and rule.unique)
    }


def test_each_rule_has_words_or_a_reason_why_nobody_reads_any() -> None:
    assert rules() - set(RULES) - set(NOT_MET) == set(), "name it in portal/core/database/rules.py"


def test_no_rule_is_named_that_is_not_there() -> None:
    assert set(RULES) | set(NOT_MET) <= rules()
