"""Every form of every role, sent as a browser sends it: every field, also empty, spare and hidden ones.

A form that shows what is stored, sent unchanged, is taken. One that asks for something first says so here.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.furniture import VISIBLE
from tests.support.pages import PageForm, read_page
from tests.support.rooms import furnish_rooms
from tests.support.walking import endpoint_of, walk
from tests.support.world import World

#: refused as it stands, and why that is right
ASKS_FIRST = {
    endpoint: why
    for why, endpoints in {
        "a new row: its fields are still empty": (
            "accounts.create_view agencies.create_view assessor_bodies.create_view assignments.create_view"
            " agency_changes.begin districts.create_view provinces.create_view rounds.new account_acts.grants"
            " builder.indicator builder.scale announcing.new assessor_conflicts.create_view"
            " descriptive_fields.create_view sharing.new_rule agency_kinds.create_view"
            " agency_sizes.create_view sectors.create_view"
        ),
        "who signs is chosen": "letter_drafts.new_nacc letter_drafts.new_circular letter_drafts.new_province",
        "why is typed": (
            "dispatch_acts.withdraw dispatch_acts.replace letter_register.skip certificates.withdraw"
            " agency_changes.undo announcing.withdraw"
        ),
        "who signs, or numbers, are typed": (
            "letter_offices.new_signatory letter_register.reserve letter_register.begin"
        ),
        "the signed paper is chosen": "dispatch_acts.file_scan",
        "the office's settings are not complete": "letters.summary",
        "an office that nobody has described yet": "letter_offices.nacc letter_offices.province",
        "a tick, or a word that is typed, says that it is meant": (
            "agencies.delete_view assessor_bodies.delete_view districts.delete_view provinces.delete_view"
            " descriptive_fields.delete_view agency_kinds.delete_view agency_sizes.delete_view"
            " sectors.delete_view"
            " links.replace preparation.confirmation rounds.close rounds.open_ rounds.delete roster.delete"
        ),
        "another bracket or group is chosen": "round_rules.sample",
        "other words are typed, and why": "correcting.edit",
        "other words are typed": "letter_texts.edit",
        "a reason is chosen or typed": (
            "disclosure.fail_item preparation.give_back chasing.agency extensions.new"
            " personal_requests.refuse"
        ),
        "a file is chosen": (
            "registry_import.form round_workbook.form round_table.form sharing.workbook size_file.form"
        ),
        "the other body is chosen": "sharing.move",
        "a name, and the password once more, are typed": "api_tokens.new saved_lists.keep",
        "passwords are typed": "sign_in.password sign_in.form second_factor.passkey",
        "a code, a name or an address is typed": "sign_in.activate forgotten.ask own_email.show",
        "a file or a list is sent": "account_workbook.form account_making.send_list",
        "a person is named, for a time": (
            "seats.appoint seats.appoint_at_province seats.appoint_own seats.hand_over"
        ),
        "how many days is typed": "reminders.add",
        "the passphrase is written down first": "slips.order",
        "another officer is waited for already": "account_acts.lost_factor",
        "how many more is typed": "sampling.extend",
        "48 items are answered first": "disclosure.submit",
    }.items()
    for endpoint in endpoints.split()
}
#: not sent here: it ends the session, or would take the rest of the walk away
NOT_SENT = {
    *("sign_in.leave", "account_acts.active", "account_acts.end_sessions", "disclosure.withdraw"),
    "letter_offices.remove_signatory",
}


@pytest.mark.proof
@pytest.mark.once
@pytest.mark.timeout(900)
def test_an_unchanged_form_is_taken_or_says_what_it_asks_for(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    furnish_rooms(app, world)
    found: list[str] = []
    asked: set[str] = set()
    for person in VISIBLE:
        client = client_as(person)
        forms = walk(app, client, per_endpoint=3).forms(app, "post").values()
        # what asks first changes nothing: before those that take its page away
        for form in sorted(forms, key=lambda one: endpoint_of(app, one.url, "POST") not in ASKS_FIRST):
            endpoint = endpoint_of(app, form.url, "POST")
            fresh = as_it_stands_now(client, form)
            if endpoint in NOT_SENT or fresh is None:
                continue
            answer = fresh.send(client)
            if endpoint in ASKS_FIRST:
                asked.add(endpoint)
            elif answer.status_code not in (200, 302, 303):
                found.append(f"{person} {form.url} ({endpoint}): {answer.status_code}")
    assert not found, "\n".join(found)
    missing = sorted(ASKS_FIRST.keys() - asked)
    assert not missing, "what is no longer asked stands in the table"


def as_it_stands_now(client: PortalClient, form: PageForm) -> PageForm | None:
    """The form on its page as it is now, with the version of now; its fields may have become others."""
    answer = client.get(form.page)
    if answer.status_code != 200:
        return None
    here = [one for one in read_page(answer.text, form.page).forms if one.url == form.url]
    same = [one for one in here if _names(one) == _names(form)]
    return next(iter(same or here), None)


def _names(form: PageForm) -> set[str]:
    return {control.name for control in form.controls}
