"""Slips with one-time codes: pages a second, from the order to the sealed file."""

from __future__ import annotations

import time

from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.people.slips import orders, strongbox
from portal.people.slips.choosing import Choice
from portal.tools.bench.table import Figure, Table
from portal.tools.drill.cast import acting
from portal.tools.drill.slips import made_of
from reports.letter_data import Typeface
from reports.press import the_press
from reports.printing import PRINTERS

#: admins and executives of the whole country
WHOLE = 15_704


def printed(app: Portal, table: Table, dla_grant: int, account_ids: list[int]) -> None:
    """Slips for these accounts by the job, beside as many pages with one word each."""
    with app.app_context():
        with acting(dla_grant) as actor:
            choice = Choice(account_ids=tuple(account_ids))
            order_id = orders.order(choice, strongbox.new_passphrase(), actor=actor).id
        begun = time.perf_counter()
        worker.work(app, until_idle=True)
        took = time.perf_counter() - begun
        with privileged("bench: slips that were made") as session:
            _state, made = made_of(session, order_id)
        strongbox.drop(order_id)
    note = f"{made / took:.0f} pages a second, {WHOLE:,} in {WHOLE * took / made / 60:.1f} minutes"
    limit = _bare_pages(made) / PRINTERS
    table.add(Figure(f"{made:,} slips printed and sealed", took, took, limit, "pages of one word each", note))


def _bare_pages(pages: int) -> float:
    """Seconds of laying out and writing so many pages with a word on each, in one process."""
    html = "".join(f'<div class="slip"><p>{number}</p></div>' for number in range(pages))
    press = the_press()
    begun = time.perf_counter()
    press.bind([press.lay_out(html, Typeface(), sheet="slip.css")])
    return time.perf_counter() - begun
