"""Every kind of job and every duty, imported once, so that a worker knows them all."""

from portal import duties
from portal.assessors import distributing
from portal.certificates import batches as certificate_batches
from portal.certificates import making as certificates
from portal.chasing import extending_many
from portal.chasing import mailing as chasing_mails
from portal.chasing import posting as chasing_posts
from portal.core import list_acts, list_files
from portal.destruction import making as destruction
from portal.letters import making as letters
from portal.letters import summaries as letter_summaries
from portal.letters.inbox import noticing as letter_notices
from portal.letters.inbox import stamping as letter_stamping
from portal.people.bulk import batches, workbook
from portal.people.entry import mailing
from portal.people.slips import hand_over, making
from portal.personal import making as personal
from portal.record import check as record_check
from portal.register import importing as registry_import
from portal.results import opening as round_opening
from portal.rounds import desk as rounds
from portal.surveys import posters

MODULES = (
    duties,
    list_acts,
    list_files,
    posters,
    letters,
    letter_summaries,
    letter_notices,
    letter_stamping,
    certificates,
    destruction,
    certificate_batches,
    distributing,
    extending_many,
    chasing_mails,
    chasing_posts,
    mailing,
    personal,
    record_check,
    registry_import,
    round_opening,
    rounds,
    batches,
    making,
    hand_over,
    workbook,
)
