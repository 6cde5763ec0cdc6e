"""Every kind of job and every duty, imported once, so that a worker knows them all."""

from portal.jobs import deadline, duties
from portal.services import record_check, registry_import, results, round_opening, rounds

MODULES = (deadline, duties, record_check, registry_import, results, round_opening, rounds)
