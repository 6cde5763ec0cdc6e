"""Which place of a guide tells about which screen.

A page that stands nowhere here has no place: tests/fences/test_help.py refuses it, and a place that the guide
of somebody who sees the page does not have.
"""

from __future__ import annotations

from flask import request, url_for

from portal.core.access import current_actor
from portal.core.sent.unsent import PAGES
from portal.help import shelf

#: a place, and the screens that it tells about
PLACES: dict[str, tuple[str, ...]] = {
    # what every role does alike
    "home": ("admin.index", "home.index", "home.round_home"),
    "status": ("status.agency", "status.progress", "status.province", "status.show", "status.stages"),
    "announcements": ("announcements.index", "announcements.show"),
    "search": ("search.show",),
    "announcing": (
        "announcing.edit",
        "announcing.index",
        "announcing.new",
        "announcing.receipts",
        "announcing.show",
        "announcing.withdraw",
    ),
    "chasing": ("chasing.agency", "chasing.show"),
    "chasing-mails": (
        "chasing_mails.index",
        "chasing_mails.show",
        "chasing_mails.write",
        "chasing_mails.again",
    ),
    "reminders": ("reminders.show",),
    "extensions": ("extensions.index", "extensions.new", "extensions.take_back"),
    "four-steps": ("participations.details_view", "participations.index_view"),
    "results": ("results.agency", "results.show"),
    "years": ("result_trends.show",),
    "draw": ("sampling.check",),
    "wording": ("corrections.details_view", "corrections.index_view"),
    "jobs": ("jobs.index", "jobs.show"),
    "lists": (
        "many.ask",
        "many.choose",
        "saved_lists.columns",
        "saved_lists.delete",
        "saved_lists.edit",
        "saved_lists.keep",
    ),
    "answers": ("disclosure.show",),
    "contacts": (
        "contacts.edit",
        "contacts.office",
        "contacts.offices",
        "contacts.own",
        "contacts.review",
        "contacts.show",
    ),
    "help": ("help.guide", "help.index"),
    "history": ("history.of_person", "history.of_row", "history.undo", "history_files.of_row"),
    "own": ("me.edit", "me.show", "own_email.show"),
    "tokens": (
        "api_tokens.guide",
        "api_tokens.index",
        "api_tokens.new",
        "api_tokens.of_all",
    ),
    "rights": ("policy.of_account", "policy.of_role", "policy.own", "policy.table"),
    "second-factor": (
        "second_factor.app",
        "second_factor.codes",
        "second_factor.passkey",
        "second_factor.remove_app",
        "second_factor.remove_passkey",
        "second_factor.show",
    ),
    # at an agency
    "preparation": ("preparation.headcount", "preparation.overview"),
    "personal": (
        "personal_counts.show",
        "personal_keeping.show",
        "personal_notice.show",
        "personal_requests.choose",
        "personal_requests.correct",
        "personal_requests.index",
        "personal_requests.paper",
        "personal_requests.refuse",
        "personal_requests.register",
        "personal_requests.remove",
        "personal_requests.show",
    ),
    "roster": (
        "preparation.roster",
        "roster.add",
        "roster.change",
        "roster.delete",
        "roster_import.dry_run",
        "roster_import.form",
    ),
    "surveys": ("links.replace", "links.show"),
    "oit": ("disclosure.answers", "disclosure.item", "disclosure.submit"),
    "correction": (
        "corrections_of_headcount.ask",
        "corrections_of_headcount.decide",
        "corrections_of_headcount.decline",
    ),
    "confirmation": ("preparation.confirmation", "preparation.give_back", "preparation.names"),
    "review": (
        "disclosure.confirm",
        "disclosure.fail_item",
        "disclosure.return_",
        "disclosure.review",
        "disclosure.review_item",
    ),
    "seats": (
        "seats.appoint",
        "seats.appoint_at_province",
        "seats.appoint_own",
        "seats.end",
        "seats.hand_over",
        "seats.of_agency",
        "seats.of_province",
        "seats.own",
        "seats.undo",
    ),
    "users": (
        "people.of_agency",
        "accounts.create_view",
        "accounts.details_view",
        "accounts.edit_view",
        "accounts.index_view",
        "account_acts.active",
        "account_acts.code",
        "account_acts.grants",
        "account_acts.sessions",
    ),
    # at an assessor body
    "agency-changes": (
        "agency_changes.begin",
        "agency_changes.confirm",
        "agency_changes.discard",
        "agency_changes.edit",
        "agency_changes.index",
        "agency_changes.show",
        "agency_changes.undo",
    ),
    "agencies": (
        "assessor.agencies",
        "agencies.create_view",
        "agencies.delete_view",
        "agencies.details_view",
        "agencies.edit_view",
        "agencies.index_view",
    ),
    "sectors": (
        "sectors.create_view",
        "sectors.delete_view",
        "sectors.details_view",
        "sectors.edit_view",
        "sectors.index_view",
        "sector_start.show",
    ),
    "kinds": (
        "agency_kinds.create_view",
        "agency_kinds.delete_view",
        "agency_kinds.details_view",
        "agency_kinds.edit_view",
        "agency_kinds.index_view",
        "agency_sizes.create_view",
        "agency_sizes.delete_view",
        "agency_sizes.details_view",
        "agency_sizes.edit_view",
        "agency_sizes.index_view",
    ),
    "descriptive-fields": (
        "descriptive_fields.create_view",
        "descriptive_fields.delete_view",
        "descriptive_fields.details_view",
        "descriptive_fields.edit_view",
        "descriptive_fields.index_view",
    ),
    "judging": ("assessor.roster",),
    "sample": ("sampling.show",),
    "interviews": ("interviews.after", "interviews.ask_void", "interviews.call", "interviews.calls"),
    "scoring": ("scoring.agencies", "scoring.agency", "scoring.finish", "scoring.item"),
    # letters
    "inbox": ("inbox.index", "inbox.show", "inbox_acts.book", "inbox_acts.receive"),
    "passing-on": ("inbox_acts.pass_on", "receivers.passed_on"),
    "letters": (
        "dispatch_acts.discard",
        "dispatch_acts.file_scan",
        "dispatch_acts.issue",
        "dispatch_acts.replace",
        "dispatch_acts.withdraw",
        "dispatches.circulars",
        "dispatches.nacc",
        "dispatches.province",
        "dispatches.show",
        "letter_drafts.edit",
        "letter_drafts.new_circular",
        "letter_drafts.new_nacc",
        "letter_drafts.new_province",
        "receivers.of_letter",
    ),
    "letter-office": (
        "letter_offices.dla",
        "letter_offices.nacc",
        "letter_offices.new_signatory",
        "letter_offices.province",
        "letter_offices.signatory",
    ),
    "letter-numbers": (
        "letter_register.begin",
        "letter_register.reserve",
        "letter_register.show",
        "letter_register.skip",
    ),
    "letter-texts": (
        "letter_texts.edit",
        "letter_texts.show",
        "letter_texts.version",
        "letter_texts.versions",
    ),
    "summary": ("letters.summary",),
    "posters": ("posters.order",),
    "certificates": (
        "certificate_batches.show",
        "certificate_release.release",
        "certificates.show",
        "certificates.withdraw",
    ),
    # register and accounts
    "import": (
        "registry_import.form",
        "registry_import.report",
        "registry_import.result",
        "registry_imports.index",
        "registry_imports.undo",
    ),
    "places": (
        "districts.create_view",
        "districts.delete_view",
        "districts.details_view",
        "districts.edit_view",
        "districts.index_view",
        "provinces.create_view",
        "provinces.delete_view",
        "provinces.details_view",
        "provinces.edit_view",
        "provinces.index_view",
    ),
    "province-sizes": ("province_sizes.edit", "size_file.form", "size_file.look"),
    "accounts": (
        "account_batches.ask",
        "account_batches.index",
        "account_making.ask",
        "account_states.index",
        "people_settings.edit",
    ),
    "accounts-workbook": ("account_workbook.dry_run", "account_workbook.form"),
    "slips": ("slips.index", "slips.order", "slips.show"),
    "lost-passwords": ("lost_passwords.ask_refuse", "lost_passwords.index"),
    "lost-factor": ("account_acts.lost_factor",),
    "second-officer": ("right_requests.index",),
    "rosters": ("rosters.index", "rosters.row", "rosters.show"),
    # a round
    "rounds": ("rounds.delete", "rounds.index", "rounds.new", "rounds.open_", "rounds.show"),
    "windows": ("round_rules.move_windows", "rounds.windows"),
    "rules": (
        "round_rules.bands",
        "round_rules.groups",
        "round_rules.headcount_groups",
        "round_rules.sample",
        "round_rules.weights",
        "rounds.rules",
        "rounds.settings",
        "rules_acts.move",
    ),
    "content": (
        "builder.all_scales",
        "builder.indicator",
        "builder.instrument",
        "builder.item",
        "builder.question",
        "builder.scale",
        "builder.tree",
        "builder_acts.ask_remove",
        "builder_acts.move",
        "builder_acts.move_choice",
        "questions.details_view",
        "questions.index_view",
    ),
    "oit-items": ("item_words.edit", "oit_items.details_view", "oit_items.index_view"),
    "workbook": ("round_table.columns", "round_table.form", "round_workbook.form", "round_workbook.look"),
    "texts": ("round_texts.begin", "round_texts.edit", "round_texts.index"),
    "preview": ("round_preview.show",),
    "spelling": ("correcting.edit",),
    "trends": ("trends.index", "trends.one", "trends.show"),
    "assessors": (
        "assessor_bodies.create_view",
        "assessor_bodies.delete_view",
        "assessor_bodies.details_view",
        "assessor_bodies.edit_view",
        "assessor_bodies.index_view",
        "assignments.create_view",
        "assignments.details_view",
        "assignments.index_view",
    ),
    "sharing": (
        "assessor_conflicts.create_view",
        "assessor_conflicts.delete_view",
        "assessor_conflicts.details_view",
        "assessor_conflicts.index_view",
        "sharing.body",
        "sharing.index",
        "sharing.look",
        "sharing.move",
        "sharing.new_rule",
        "sharing.rule",
        "sharing.rules",
        "sharing.workbook",
    ),
    "closing": ("rounds.close",),
    "destruction": ("destruction.show", "destruction.write"),
    # the machine
    "record": ("record.details_view", "record.index_view"),
    "anchors": ("anchors.index",),
    "system": ("watch.show",),
}
PLACE_OF = {endpoint: place for place, endpoints in PLACES.items() for endpoint in endpoints}


def here() -> str | None:
    """The address of the place that tells about the screen shown; None where none does, as in a preview."""
    place = PLACE_OF.get(_page(), "")
    actor = current_actor()
    name = shelf.guide_with(place, actor.role if actor else None)
    return url_for("help.guide", name=name, _anchor=place) if name else None


def _page() -> str:
    """The page on which the request's form stands, or itself."""
    endpoint = request.endpoint or ""
    if endpoint.endswith(".action_view"):
        return endpoint.replace(".action_view", ".index_view")
    return PAGES.get(endpoint, endpoint)
