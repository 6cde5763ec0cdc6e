"""Every kind of job and every duty, imported once, so that a worker knows them all."""

from portal.jobs import deadline, duties, posters
from portal.services import letters, record_check, registry_import, results, round_opening, rounds

MODULES = (deadline, duties, posters, letters, record_check, registry_import, results, round_opening, rounds)
