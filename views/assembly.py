"""The signed-in desks: every room, in one place. A room is a blueprint or a generated view."""

from __future__ import annotations

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from config import ROOT
from portal.core.holders import last_day
from portal.core.stages import open_until
from views.announcements import desk as announcing
from views.announcements import reading as announcements
from views.assessors import bodies, interviews, sampling, sharing
from views.assessors import desk as assessor
from views.assessors import preview as interview_preview
from views.certificates import batches as certificate_batches
from views.certificates import release as certificate_release
from views.certificates import screens as certificates
from views.certificates import verifying as certificate_check
from views.chasing import api as chasing_api
from views.chasing import extensions, reminders
from views.chasing import mails as chasing_mails
from views.chasing import screens as chasing
from views.destruction import screens as destruction
from views.disclosure import preview as oit_preview
from views.disclosure import review as disclosure_review
from views.disclosure import scoring
from views.frame import navigation, session
from views.generated import many_screens, registering, saved_screens
from views.help import places as help_places
from views.help import screens as help_screens
from views.homes import home
from views.jobs import screens as jobs
from views.letters import acts as dispatch_acts
from views.letters import dispatches, drafts, inbox, inbox_acts, receivers, summaries, verifying
from views.letters import offices as letter_offices
from views.letters import register as letter_register
from views.letters import texts as letter_texts
from views.people import accounts, me, policy, second_factor, tokens
from views.people import acts as account_acts
from views.people import api as people_api
from views.people import requests as right_requests
from views.people import settings as people_settings
from views.people.bulk import batches as account_batches
from views.people.bulk import making as account_making
from views.people.bulk import slips
from views.people.bulk import states as account_states
from views.people.bulk import workbook as account_workbook
from views.people.entry import activation, email, forgotten, lost_passwords, second_step
from views.people.seats import desks as seats
from views.people.seats import of_agency
from views.personal import counts as personal_counts
from views.personal import keeping as personal_keeping
from views.personal import notice as personal_notice
from views.personal import requests as personal_requests
from views.preparation import corrections as corrections_of_headcount
from views.preparation import steps as preparation
from views.record import anchors, histories, history_files
from views.record import screens as record
from views.register import agencies, contacts, definitions, kinds, places, sectors, size_file
from views.register import api as register_api
from views.register import changes as agency_changes
from views.register import importing as registry_import
from views.register import imports as registry_imports
from views.results import api as results_api
from views.results import lists as results
from views.results import trends as result_trends
from views.rosters import importing as roster_import
from views.rosters import masked as rosters
from views.rosters import rows as roster
from views.rounds import api as rounds_api
from views.rounds import (
    builder,
    builder_acts,
    corrections,
    item_words,
    province_sizes,
    rules_acts,
    trends,
    year,
)
from views.rounds import desk as rounds
from views.rounds import foreign as round_table
from views.rounds import preview as round_preview
from views.rounds import rules as round_rules
from views.rounds import texts as round_texts
from views.rounds import workbook as round_workbook
from views.search import screens as search
from views.status import api as status_api
from views.status import screens as status
from views.surveys import links, posters
from views.watch import health
from views.watch import screens as watch

ROOMS: tuple[Blueprint, ...] = (
    session.blueprint,
    second_step.blueprint,
    me.blueprint,
    second_factor.blueprint,
    tokens.blueprint,
    activation.blueprint,  # of views.people.entry.sign_in, with the pages of both
    forgotten.blueprint,
    email.blueprint,
    lost_passwords.blueprint,
    home.blueprint,
    jobs.blueprint,
    preparation.blueprint,
    corrections_of_headcount.blueprint,
    roster.blueprint,
    roster_import.blueprint,
    links.blueprint,
    posters.blueprint,
    assessor.blueprint,
    sampling.blueprint,
    sharing.blueprint,
    interviews.blueprint,
    rosters.blueprint,
    rounds.blueprint,
    builder.blueprint,
    builder_acts.blueprint,
    round_rules.blueprint,
    rules_acts.blueprint,
    round_texts.blueprint,
    round_preview.blueprint,
    interview_preview.blueprint,
    oit_preview.blueprint,
    province_sizes.blueprint,
    round_workbook.blueprint,
    round_table.blueprint,
    trends.blueprint,
    corrections.blueprint,
    item_words.blueprint,
    account_acts.blueprint,
    seats.blueprint,
    policy.blueprint,
    right_requests.blueprint,
    account_states.blueprint,
    account_making.blueprint,
    account_batches.blueprint,
    account_workbook.blueprint,
    people_settings.blueprint,
    of_agency.blueprint,
    slips.blueprint,
    agency_changes.blueprint,
    registry_import.blueprint,
    registry_imports.blueprint,
    sectors.blueprint,
    size_file.blueprint,
    contacts.blueprint,
    disclosure_review.blueprint,  # the admin's pages of views.disclosure too
    scoring.blueprint,
    status.blueprint,
    chasing.blueprint,
    chasing_mails.blueprint,
    reminders.blueprint,
    extensions.blueprint,
    personal_requests.blueprint,
    personal_notice.blueprint,
    personal_counts.blueprint,
    personal_keeping.blueprint,
    summaries.blueprint,
    dispatches.blueprint,
    dispatch_acts.blueprint,
    drafts.blueprint,
    letter_offices.blueprint,
    letter_register.blueprint,
    letter_texts.blueprint,
    announcements.blueprint,
    announcing.blueprint,
    inbox.blueprint,
    inbox_acts.blueprint,
    receivers.blueprint,
    verifying.blueprint,
    certificates.blueprint,
    certificate_release.blueprint,
    certificate_batches.blueprint,
    certificate_check.blueprint,
    destruction.blueprint,
    anchors.blueprint,
    histories.blueprint,
    history_files.blueprint,
    results.blueprint,
    result_trends.blueprint,
    saved_screens.blueprint,
    many_screens.blueprint,
    health.blueprint,
    watch.blueprint,
    help_screens.blueprint,
    search.blueprint,
    # read by programmes, each beside the screens of its subject
    people_api.blueprint,
    rounds_api.blueprint,
    register_api.blueprint,
    status_api.blueprint,
    chasing_api.blueprint,
    results_api.blueprint,
)

#: generated screens, in the order of the menu
GENERATED = (agencies, sectors, places, kinds, definitions, accounts, year, corrections, bodies, record)


def register(app: Flask) -> None:
    """Open the desks on the application."""
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(ROOT / "views" / "templates")])
    for room in ROOMS:
        app.register_blueprint(room)
    registering.register(app, [view for module in GENERATED for view in module.views()])
    app.jinja_env.filters["open_until"] = open_until
    app.jinja_env.filters["last_day"] = last_day
    app.jinja_env.globals["help_here"] = help_places.here
    app.context_processor(navigation.context)
    app.context_processor(session.context)
