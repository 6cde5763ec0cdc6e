"""Two officers order slips for the same people at once: one code per person, all of whichever came last."""

from __future__ import annotations

from pathlib import Path

from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.people import accounts
from tests.support.races import at_once
from tests.support.slip_orders import ADMIN, EXECUTIVE, codes_of, fetched, not_activated, order, stored
from tests.support.world import PASSWORD, World

PEOPLE = ("agency_admin", "executive", "agency_admin_other", "executive_other")


def run_one(app: Portal) -> None:
    with app.app_context():
        claim = queue.claim()
        assert claim is not None
        worker.run(claim)


def test_of_two_orders_at_once_one_code_of_each_person_works(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        not_activated(world, *PEOPLE)
        both = [order(world, "dla"), order(world, "province")]
    at_once([lambda: run_one(app), lambda: run_one(app)])
    with app.app_context():
        of_country = {role: fetched(world, both[0], role)["ลำปาง.pdf"] for role in (ADMIN, EXECUTIVE)}
        of_province = {role: fetched(world, both[1], role, "province")["ลำปาง.pdf"] for role in of_country}
        for person, role in (("agency_admin", ADMIN), ("executive", EXECUTIVE)):
            written = [codes_of(made[role], tmp_path) for made in (of_country, of_province)]
            hashes = [accounts.code_hash(code) for (code,) in written]
            kept = stored(world.account[person])
            assert kept is not None and hashes.count(kept.code_hash) == 1, "the last one's, and only that"


def test_a_code_used_while_its_file_is_made_again_opens_once(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        first = order(world)
        worker.work(app, until_idle=True)
        (code,) = codes_of(fetched(world, first)["ลำปาง.pdf"], tmp_path)
        order(world)

    def come_in() -> bool:
        with app.app_context():
            try:
                accounts.activate(code, PASSWORD)
            except Exception as refused:
                assert "not valid" in str(refused)
                return False
            return True

    came, _made = at_once([come_in, lambda: run_one(app)])
    with app.app_context():
        kept = stored(world.account["agency_admin"])
    assert came is (kept is None), "in, and left out of the new file; or a new code, and the old one ended"
