"""Words for the acts and the kinds of row in the record. An act without words is shown by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.thai import sort_key
from portal.core.texts import _, lazy

THINGS: dict[str, Any] = {
    "account": lazy("User"),
    "activation_code": lazy("Activation code"),
    "agency": lazy("Agency"),
    "agency_contact": lazy("Contacts of an agency"),
    "assessor_body": lazy("Assessor body"),
    "assignment": lazy("Assignment"),
    "choice": lazy("Choice of a scale"),
    "disclosure": lazy("OIT checklist"),
    "disclosure_answer": lazy("OIT answer"),
    "disclosure_link": lazy("Address of an OIT answer"),
    "district": lazy("District"),
    "grade_band": lazy("Grade band"),
    "grant": lazy("Right"),
    "indicator": lazy("Indicator"),
    "instrument": lazy("Instrument"),
    "grant_request": lazy("Request for a right"),
    "interview": lazy("Interview"),
    "letter": lazy("Letter"),
    "letter_setting": lazy("Setting of letters"),
    "oit_item": lazy("OIT item"),
    "participation": lazy("Agency of a round"),
    "province": lazy("Province"),
    "province_contact": lazy("Contacts of a province's office"),
    "question": lazy("Question"),
    "result": lazy("Result"),
    "roster": lazy("External roster"),
    "roster_entry": lazy("Name of a roster"),
    "roster_group": lazy("Group of the roster"),
    "roster_judgement": lazy("Judgement of a roster"),
    "round": lazy("Round"),
    "sample_draw": lazy("Drawn sample"),
    "sample_rule": lazy("Minimum-sample rule"),
    "scale": lazy("Scale"),
    "stored_file": lazy("File"),
    "sub_item": lazy("Line of a question"),
    "survey_link": lazy("Survey link"),
    "window": lazy("Dates of a stage"),
}
ACTS: dict[str, Any] = {
    "contacts.save": lazy("Changed contacts"),
    "contacts.review": lazy("Looked contacts through"),
    "acting.appoint": lazy("Named somebody to act at a desk"),
    "acting.end": lazy("Ended that somebody acts at a desk"),
    "desk.hand_over": lazy("Handed a desk over"),
    "desk.undo_handover": lazy("Took the handover of a desk back"),
    "account.activate": lazy("Opened an account"),
    "sign_in.refused": lazy("A sign-in failed"),
    "sign_in.factor_asked": lazy("Gave the right password; the second factor was asked for"),
    "sign_in.factor_refused": lazy("A second factor did not fit"),
    "factor.add": lazy("Set up a second factor"),
    "factor.remove": lazy("Took a second factor away"),
    "factor.codes": lazy("Made new recovery codes"),
    "factor.code_used": lazy("Used a recovery code"),
    "factor.lost": lazy("Took away the second factors of a person who lost them"),
    "account.edit_own": lazy("Changed the own data"),
    "account.end_own_sessions": lazy("Signed out own browsers"),
    "account.forget_browsers": lazy("Had the known browsers forgotten"),
    "account.change_password": lazy("Changed the own password"),
    "account.create": lazy("Made an account"),
    "account.deactivate": lazy("Shut an account"),
    "account.end_grant": lazy("Ended a right"),
    "account.end_sessions": lazy("Signed a person out everywhere"),
    "account.grant": lazy("Gave a right"),
    "grant_request.ask": lazy("Asked a second officer for a right or a code"),
    "grant_request.confirm": lazy("Confirmed what another officer asked for"),
    "grant_request.refuse": lazy("Refused what another officer asked for"),
    "grant_request.withdraw": lazy("Took back what was asked of a second officer"),
    "account.make_many": lazy("Made accounts in bulk"),
    "account.take_back_many": lazy("Took back accounts that were made in bulk"),
    "account.issue_code": lazy("Issued an activation code"),
    "account_acts.issue_code": lazy("Issued an activation code"),
    "accounts.edit": lazy("Changed an account"),
    "agencies.create": lazy("Added an agency"),
    "agencies.delete": lazy("Deleted an agency"),
    "agencies.edit": lazy("Changed an agency"),
    "agency.activate": lazy("Took an agency into use"),
    "agency.deactivate": lazy("Took an agency out of use"),
    "change": lazy("Changed a row"),
    "create": lazy("Added a row"),
    "delete": lazy("Deleted a row"),
    "assessor_bodies.create": lazy("Added an assessor body"),
    "assessor_bodies.edit": lazy("Changed an assessor body"),
    "assignment.assign": lazy("Assigned agencies"),
    "assignments.action_view": lazy("Took agencies back from a body"),
    "demonstration.load": lazy("Loaded the demonstration"),
    "disclosure.answer": lazy("Answered an OIT item"),
    "disclosure.answer_all": lazy("Answered several OIT items"),
    "disclosure.begin": lazy("Began the OIT checklist"),
    "disclosure.confirm": lazy("Confirmed the OIT review"),
    "disclosure.fail": lazy("Failed an OIT item"),
    "disclosure.finish": lazy("Finished the scoring of OIT"),
    "disclosure.pass": lazy("Passed an OIT item"),
    "disclosure.pass_all": lazy("Passed several OIT items"),
    "disclosure.return": lazy("Returned the OIT checklist"),
    "disclosure.score": lazy("Scored an OIT item"),
    "disclosure.score_all": lazy("Scored several OIT items"),
    "disclosure.submit": lazy("Submitted the OIT checklist"),
    "disclosure.unscore": lazy("Took back the points of an OIT item"),
    "disclosure.undo": lazy("Took back the mark of an OIT item"),
    "disclosure.withdraw": lazy("Took back the OIT checklist"),
    "districts.create": lazy("Added a district"),
    "districts.edit": lazy("Changed a district"),
    "interview.answer": lazy("Recorded an interview"),
    "interview.no_answer": lazy("Noted a call without an answer"),
    "interview.refuse": lazy("Noted that a person does not want to be interviewed"),
    "interview.reopen": lazy("Put a person back on the call list"),
    "interview.void": lazy("Voided an interview"),
    "interview.void_reason": lazy("Noted why an interview was voided"),
    "interview.wrong_number": lazy("Noted a wrong number"),
    "job.again": lazy("Started a job again"),
    "job.stop": lazy("Stopped a job"),
    "job:letters.circulars": lazy("Made letters"),
    "job:letters.nacc": lazy("Made letters"),
    "job:letters.summary": lazy("Made letters"),
    "job:links.poster": lazy("Made a poster"),
    "job:people.accounts": lazy("Made accounts in bulk"),
    "job:people.take_back": lazy("Took back accounts that were made in bulk"),
    "job:registry.import": lazy("Imported the register"),
    "letters.settings": lazy("Changed the office's settings of letters"),
    "links.make": lazy("Made survey links"),
    "links.rotate": lazy("Changed a survey link"),
    "oit_items.edit": lazy("Changed an OIT item"),
    "places.load": lazy("Loaded provinces and districts"),
    "preparation.activate": lazy("Activated the agency"),
    "preparation.confirm": lazy("Confirmed the preparation"),
    "preparation.deadline": lazy("Noted the end of the preparation"),
    "preparation.headcount": lazy("Entered the headcount"),
    "preparation.return": lazy("Returned the preparation"),
    "preparation.submit": lazy("Sent the preparation to the executive"),
    "preparation.withdraw": lazy("Took the preparation back to change it"),
    "provinces.create": lazy("Added a province"),
    "provinces.edit": lazy("Changed a province"),
    "questions.edit": lazy("Changed a question"),
    "registry.import": lazy("Imported the register"),
    "registry.undo": lazy("Undid an import of the register"),
    "results.compute": lazy("Computed the results"),
    "roster.add": lazy("Added a name to a roster"),
    "roster.change": lazy("Changed a name of a roster"),
    "roster.delete": lazy("Deleted a name of a roster"),
    "roster.export": lazy("Downloaded a roster"),
    "roster.import": lazy("Imported a roster"),
    "roster.judge": lazy("Judged a roster"),
    "roster.open": lazy("Opened a roster"),
    "roster.undo": lazy("Undid an import of a roster"),
    "roster.unmask": lazy("Unmasked a name of a roster"),
    "roster_import.apply": lazy("Imported a roster"),
    "roster_import.form": lazy("Kept a file with names"),
    "round.close": lazy("Closed a round"),
    "round.drill": lazy("Drilled a private key"),
    "round.empty_marks": lazy("Deleted the marks of a round"),
    "round.keys": lazy("Made the keys of a round"),
    "round.make": lazy("Made a round"),
    "round.open": lazy("Opened a round"),
    "round.open_boxes": lazy("Opened the boxes of a round"),
    "round.rules": lazy("Changed the rules of a round"),
    "round.settings": lazy("Changed the settings of a round"),
    "round.snapshot": lazy("Took up agencies into a round"),
    "round.windows": lazy("Changed the dates of a round"),
    "sample.draw": lazy("Drew a sample"),
    "sample.extend": lazy("Drew more people of a sample"),
    "sign_in": lazy("Signed in"),
    "sign_in.activate": lazy("Activated an account"),
    "sign_out": lazy("Signed out"),
}


def act_words(act: str) -> str:
    """What was done, in words; the code of an act that has none."""
    return str(ACTS.get(act, act))


def thing_words(thing: str) -> str:
    """The kind of row, in words."""
    return str(THINGS.get(thing, thing))


def options_of(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes and their words for a filter, in the order of the words."""
    pairs = ((name, str(text)) for name, text in words.items())
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def chain_words(chain: str) -> str:
    """Which chain an event hangs on."""
    kind, _colon, key = chain.partition(":")
    if kind == "agency":
        return _("agency %(number)s", number=key)
    if kind == "province":
        return _("province %(number)s", number=key)
    return _("the whole system")
