"""Slips as they are made: a code on each page that works, instead of the one before, kept nowhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.account import Account
from models.audit import AuditEvent
from models.job import Job, JobState
from models.onboarding import SlipOrder
from models.round import Round, Stage
from models.thai import thai_date
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs import worker
from portal.core.stages import stage_state
from portal.core.texts import _
from portal.core.web import Portal
from portal.people import accounts
from portal.people.slips import hand_over, making, orders, strongbox
from portal.people.slips.choosing import Choice
from reports.printing import RenderingFailed
from tests.support.slip_orders import (
    ADMIN,
    EXECUTIVE,
    codes_of,
    fetched,
    made,
    not_activated,
    order,
    stored,
    text_of,
)
from tests.support.world import NOW, PASSWORD, World, acting_as, row

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("printing_here")]


def test_an_order_becomes_a_file_per_province_and_role_whose_codes_activate(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "executive", "agency_admin_other")
        ordered = made(app, world)
        assert row(Job, ordered.job_id).state is JobState.DONE, row(Job, ordered.job_id).message
        admins, executives = (fetched(world, ordered, role) for role in (ADMIN, EXECUTIVE))
        assert sorted(admins) == ["กระบี่.pdf", "บัญชีส่งมอบซอง กระบี่.pdf", "บัญชีส่งมอบซอง ลำปาง.pdf", "ลำปาง.pdf"]
        assert sorted(executives) == ["บัญชีส่งมอบซอง ลำปาง.pdf", "ลำปาง.pdf"]
        (code,) = codes_of(admins["ลำปาง.pdf"], tmp_path)
        accounts.activate(code, PASSWORD)
        assert row(Account, world.account["agency_admin"]).password_hash
        assert codes_of(executives["ลำปาง.pdf"], tmp_path) != [code], "each has a code of its own"


def test_a_slip_says_whose_it_is_and_until_when(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        text = text_of(fetched(world, made(app, world))["ลำปาง.pdf"], tmp_path)
        with privileged("a test looks") as session:
            last = stage_state(session.get_one(Round, world.round_id), Stage.PREPARATION).last_day
    assert last is not None
    for words in (
        "เทศบาลตำบลเกาะคา",
        "อำเภอเกาะคา จังหวัดลำปาง",
        "agency_admin",
        "http://127.0.0.1:8000/activate",
    ):
        assert words in text, words
    assert thai_date(last) in text
    assert "ระบบสาธิต" in text


def test_a_code_ends_with_the_agencys_last_day_of_the_running_stage(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        made(app, world)
        with privileged("a test looks") as session:
            close = stage_state(session.get_one(Round, world.round_id), Stage.PREPARATION).final_close
        code = stored(world.account["agency_admin"])
        assert code is not None and code.expires_at == close
        assert (code.issued_by_id, code.province_id) == (world.account["dla"], None)


def test_outside_every_stage_a_code_holds_for_thirty_days(
    app: Portal, world: World, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(days=400)
    monkeypatch.setenv("PORTAL_CLOCK", later.isoformat())
    with app.app_context():
        not_activated(world, "agency_admin")
        made(app, world)
        code = stored(world.account["agency_admin"])
        assert code is not None and code.expires_at == later + timedelta(days=30)


def test_those_who_came_in_are_left_out_unless_asked_and_the_shut_always(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "executive")
        with writing(), privileged("a test shuts") as session:
            session.get_one(Account, world.account["executive"]).active = False
        first = made(app, world)
        assert row(Job, first.job_id).result["left_out"] == {"activated": 2, "shut": 1, "without_right": 0}
        assert stored(world.account["agency_admin_other"]) is None
        again = made(app, world, choice=Choice(activated=True))
        result = row(Job, again.job_id).result
        assert (result["slips"], result["left_out"]) == (
            3,
            {"activated": 0, "shut": 1, "without_right": 0},
        )
        assert stored(world.account["executive"]) is None


def test_a_re_issue_ends_the_codes_before(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        (old,) = codes_of(fetched(world, made(app, world))["ลำปาง.pdf"], tmp_path)
        (new,) = codes_of(fetched(world, made(app, world))["ลำปาง.pdf"], tmp_path)
        with pytest.raises(Refused, match="not valid"):
            accounts.activate(old, PASSWORD)
        accounts.activate(new, PASSWORD)


def test_a_province_orders_for_its_own_agencies_only(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "executive", "agency_admin_other", "executive_other")
        ordered = made(app, world, "province")
        assert row(Job, ordered.job_id).result["slips"] == 2
        mine, other = stored(world.account["agency_admin"]), stored(world.account["agency_admin_other"])
        assert mine is not None and mine.province_id == world.province["52"] and other is None


def test_the_record_names_the_accounts_and_never_a_code(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = made(app, world)
        (code,) = codes_of(fetched(world, ordered)["ลำปาง.pdf"], tmp_path)
        with privileged("a test looks") as session:
            events = session.scalars(select(AuditEvent)).all()
            everything = " ".join(f"{one.act} {one.row} {one.before} {one.after}" for one in events)
            job = session.get_one(Job, ordered.job_id)
            everything += f"{job.arguments} {job.checkpoint} {job.result} {job.message} {job.title}"
            everything += str(session.get_one(SlipOrder, ordered.order_id).what)
            (issued,) = [(one.after, one.account_id) for one in events if one.act == "slips.issue"]
    assert issued[0]["accounts"] == [world.account["agency_admin"]] and issued[1] == world.account["dla"]
    for secret in (code, code.replace("-", ""), ordered.passphrase, strongbox.plain(ordered.passphrase)):
        assert secret not in everything


def test_nobody_to_write_to_is_no_order(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(Refused, match="Nobody gets a slip"):
        order(world)


def test_who_lost_the_right_meanwhile_gets_nothing_made(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = order(world)
        with writing(), privileged("a test ends a right") as session:
            session.get_one(Account, world.account["dla"]).grants[0].valid_until = NOW
        worker.work(app, until_idle=True)
        assert row(Job, ordered.job_id).state is JobState.FAILED
        assert stored(world.account["agency_admin"]) is None


def test_an_order_whose_file_is_gone_is_not_made_any_more(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = order(world)
        with writing(), privileged("a day has passed") as session:
            session.get_one(SlipOrder, ordered.order_id).gone_at = NOW
        worker.work(app, until_idle=True)
        job = row(Job, ordered.job_id)
        assert (job.state, stored(world.account["agency_admin"])) == (JobState.FAILED, None)
        assert "สั่งใหม่" in job.message


def test_a_page_that_cannot_be_printed_leaves_the_codes_before(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(papers: object) -> object:
        raise RenderingFailed("of a test")

    monkeypatch.setattr(making, "print_papers", fail)
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = made(app, world)
        job = row(Job, ordered.job_id)
        assert (job.state, job.message) == (JobState.FAILED, str(_(making.NOT_PRINTED)))
        assert stored(world.account["agency_admin"]) is None and not strongbox.has_any(ordered.order_id)


def test_a_run_that_goes_on_makes_the_lists_that_are_missing_and_no_code_anew(
    app: Portal, world: World
) -> None:
    """As a run leaves it that was killed after its last codes were kept and before their lists were."""
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = made(app, world)
        code = stored(world.account["agency_admin"])
        lists = row(Job, ordered.job_id).checkpoint["lists"]
        with writing(), privileged("killed before the lists") as session:
            job = session.get_one(Job, ordered.job_id)
            job.state, job.result, job.finished_at = JobState.WAITING, {}, None
            job.checkpoint = {**job.checkpoint, "lists": {}}
        worker.work(app, until_idle=True)
        after = row(Job, ordered.job_id)
        assert (after.state, set(after.checkpoint["lists"])) == (JobState.DONE, set(lists))
        again = stored(world.account["agency_admin"])
        assert code is not None and again is not None and again.code_hash == code.code_hash
        assert "บัญชีส่งมอบซอง ลำปาง.pdf" in fetched(world, ordered)


def test_an_order_that_is_not_anybodys_any_more_is_not_found(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = order(world)
        with writing(), privileged("old jobs are cleared") as session:
            session.delete(session.get_one(Job, ordered.job_id))
        with acting_as(world.actor("dla")) as actor:
            assert orders.own_orders() == []
            with pytest.raises(NotFound):
                orders.own_order(ordered.order_id, actor=actor)


def test_a_passphrase_that_is_none_of_ours_seals_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        with acting_as(world.actor("dla")) as actor, pytest.raises(Refused, match="not whole"):
            orders.order(Choice(), "my birthday", actor=actor)


def test_lists_are_made_of_finished_files_by_who_still_may(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "agency_admin_other")
        waiting = order(world)
        with acting_as(world.actor("dla")) as actor:
            seen = orders.own_order(waiting.order_id, actor=actor)
            with pytest.raises(Refused, match="nothing to hand over"):
                orders.order_list(seen, actor=actor)
        worker.work(app, until_idle=True)
        with acting_as(world.actor("dla")) as actor:
            job_id = orders.order_list(orders.own_order(waiting.order_id, actor=actor), actor=actor).id
        with writing(), privileged("a test ends a right") as session:
            session.get_one(Account, world.account["dla"]).grants[0].valid_until = NOW
        worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.FAILED


def test_nobody_is_on_a_list_whose_account_is_gone(app: Portal, world: World) -> None:
    """Not on the hand-over list of its own job, and where all are gone there is none."""
    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = made(app, world)
        with acting_as(world.actor("dla")) as actor:
            job_id = orders.order_list(orders.own_order(ordered.order_id, actor=actor), actor=actor).id
        with writing(), privileged("killed before the lists, and an account goes") as session:
            session.delete(session.get_one(Account, world.account["agency_admin"]))
            job = session.get_one(Job, ordered.job_id)
            job.state, job.result, job.checkpoint = JobState.WAITING, {}, {**job.checkpoint, "lists": {}}
        worker.work(app, until_idle=True)
        assert row(Job, ordered.job_id).checkpoint["lists"] == {}
        job = row(Job, job_id)
        assert job.state is JobState.FAILED and "ไม่มี" in job.message


def test_a_list_that_cannot_be_printed_says_so(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(papers: object) -> object:
        raise RenderingFailed("of a test")

    with app.app_context():
        not_activated(world, "agency_admin")
        ordered = made(app, world)
        monkeypatch.setattr(hand_over, "print_papers", fail)
        with acting_as(world.actor("dla")) as actor:
            job_id = orders.order_list(orders.own_order(ordered.order_id, actor=actor), actor=actor).id
        worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.FAILED and "พิมพ์" in row(Job, job_id).message
