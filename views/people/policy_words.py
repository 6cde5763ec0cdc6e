"""What each permission lets a person do, in words; a fence asks for those of every one."""

from __future__ import annotations

from typing import Any

from models.contributor import Part
from portal.core.access import Permission as P
from portal.core.texts import lazy

WORDS: dict[P, Any] = {
    P.HOME_READ: lazy("See on the own home what to do next"),
    P.PLACES_READ: lazy("Read provinces and districts"),
    P.PLACES_WRITE: lazy("Change provinces and districts"),
    P.AGENCIES_READ: lazy("Read the register of agencies"),
    P.AGENCIES_WRITE: lazy("Change agencies of the register"),
    P.SECTORS_READ: lazy("Read whose units are assessed"),
    P.SECTORS_WRITE: lazy("Add sectors, and name the first officers of their offices"),
    P.FIELDS_READ: lazy("Read which descriptive fields agencies and accounts have"),
    P.FIELDS_WRITE: lazy("Add, change and retire descriptive fields of agencies and accounts"),
    P.KINDS_READ: lazy("Read which kinds and sizes of agencies there are"),
    P.KINDS_WRITE: lazy("Add, change and retire kinds and sizes of agencies"),
    P.AGENCIES_IMPORT: lazy("Import the register of agencies from a file"),
    P.CONTACTS_READ: lazy("Read whom to call"),
    P.CONTACTS_WRITE: lazy("Change how an agency is reached"),
    P.PROVINCE_CONTACTS_WRITE: lazy("Change how a province's office is reached"),
    P.ACCOUNTS_READ: lazy("Read accounts and how far they have come"),
    P.ACCOUNTS_WRITE: lazy("Keep accounts: give and end rights, sign people out, shut accounts"),
    P.PEOPLE_READ: lazy("Read who holds a right at an agency, with telephones"),
    P.ACCOUNTS_MAKE: lazy("Make accounts of agencies, one by one or all at once"),
    P.CODES_ISSUE: lazy("Issue activation codes and slips"),
    P.RECORD_READ: lazy("Read the record of changes"),
    P.SYSTEM_READ: lazy("Read the state of the system: work that waits, backup, disk"),
    P.ROUNDS_READ: lazy("Read rounds and their dates"),
    P.ROUNDS_WRITE: lazy("Make rounds, set their dates and rules, open them"),
    P.ASSESSORS_WRITE: lazy("Keep assessor bodies and assign agencies to them"),
    P.OIT_ITEMS_READ: lazy("Read the items of OIT"),
    P.OIT_ITEMS_WRITE: lazy("Change the items of OIT"),
    P.ROSTERS_KEEP: lazy("Set until when rosters keep personal data, and certify that they were erased"),
    P.REQUESTS_READ: lazy("Read requests of people about their own data"),
    P.REQUESTS_ANSWER: lazy("Register and answer requests of people about their own data"),
    P.REQUESTS_COUNT: lazy("See how many such requests agencies have, and how many are late"),
    P.ROSTERS_MASKED: lazy("Read rosters with names hidden, and show one row with a reason"),
    P.PREPARATION_READ: lazy("Read how far preparation has come"),
    P.PREPARATION_ENTER: lazy("Enter the data of preparation and send them to the executive"),
    P.PREPARATION_CONFIRM: lazy("Confirm the data of preparation, or return them"),
    P.LINKS_READ: lazy("Read the links and QR codes of the surveys"),
    P.LINKS_ROTATE: lazy("Replace a survey link"),
    P.POSTERS_ORDER: lazy("Order posters of the external surveys of its agencies"),
    P.DISCLOSURE_READ: lazy("Read the OIT answers"),
    P.DISCLOSURE_ANSWER: lazy("Answer OIT and submit it for approval"),
    P.DISCLOSURE_REVIEW: lazy("Review OIT item by item and confirm the review"),
    P.DISCLOSURE_SCORE: lazy("Score OIT"),
    P.ROSTER_READ: lazy("Read the names of the external roster"),
    P.ROSTER_JUDGE: lazy("Judge whether a roster represents the agency's public"),
    P.SAMPLE_DRAW: lazy("Draw the sample for interviews"),
    P.INTERVIEW_RECORD: lazy("Call the drawn people and enter their answers"),
    P.STATUS_READ: lazy("Follow the status of the assessment"),
    P.CHASING_READ: lazy("See which agencies lack what, and what they promised"),
    P.CHASING_NOTE: lazy("Note that an agency was reached and what it promised"),
    P.CHASING_MAIL: lazy("Send e-mails to agencies that lack something"),
    P.REMINDERS_READ: lazy("Read the rules by which reminders go out"),
    P.REMINDERS_WRITE: lazy("Set the rules by which reminders go out"),
    P.EXTENSIONS_GIVE: lazy("Give agencies more time for preparation or OIT, and take it back"),
    P.ANNOUNCEMENTS_READ: lazy("Read announcements of the back office to the own desk"),
    P.ANNOUNCEMENTS_WRITE: lazy("Write announcements of the own office, and see who acknowledged them"),
    P.LETTERS_READ: lazy("Read letters"),
    P.LETTERS_NACC: lazy("Make the NACC's letter to DLA"),
    P.LETTERS_DLA: lazy("Make DLA's circular to the governors"),
    P.LETTERS_PROVINCE: lazy("Make the summary of its province"),
    P.LETTERS_FORWARD: lazy("Pass a letter that came in on to the agencies of its province"),
    P.INBOX_READ: lazy("Open, receive and acknowledge the letters that come in at its desk"),
    P.BOXES_CLOSE: lazy("Make the keys of the boxes, and close the round"),
    P.BOXES_OPEN: lazy("Open the boxes: by the key's holder on the server, at no desk"),
    P.RESULTS_READ: lazy("Read the results"),
    P.JOBS_READ: lazy("See the own long work"),
    P.HAND_OVER: lazy("Hand a desk over to a successor"),
    P.APPOINT: lazy("Name who acts at a desk, or a deputy"),
    P.POLICY_READ: lazy("Read the whole table of rights"),
    P.API_READ: lazy("Make tokens by which one's own programmes read the figures of its screens"),
    P.API_TOKENS_END: lazy("See the tokens of programmes, and end them"),
    P.SECOND_DECIDE: lazy("Confirm what another officer asked for; of the NACC: only who is restored"),
}

#: what is entered and judged by different people
PARTS: dict[Part, Any] = {
    Part.PREPARATION: lazy(
        "Whoever entered or sent data of preparation does not confirm them and does not judge the roster"
    ),
    Part.DISCLOSURE: lazy("Whoever answered or submitted OIT does not review it and does not score it"),
}
