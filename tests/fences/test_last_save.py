"""The last save does not win, on any form of a stored row: two people have it open, the second is told.

Each form is sent as a browser sends it. What was typed stays, what is stored now stands beside it, and the
page that says so can be sent again. Who adds a form that edits a row adds it here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select

from config import ROOT
from models.descriptive import DescriptiveField, FieldKind, FieldOwner
from models.distribution import AssessorRule
from models.instrument import Instrument, OitItem
from models.letter_office import LetterOffice, Signatory
from models.roster import RosterEntry
from portal.content.year import load_year
from portal.core import saved_lists
from portal.core.acting import acting as acting_as
from portal.core.database.session import privileged, writing
from portal.core.sent.versions import VersionedForm
from portal.core.web import Portal
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.support import changes
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.letters import drafted, set_up
from tests.support.rosters import fill_roster
from tests.support.world import NOW, World
from views.assembly import GENERATED

ClientAs = Callable[[str], PortalClient]


@dataclass(frozen=True)
class Case:
    """A form of a stored row: who edits it where, and two values that one of its fields may have."""

    what: str
    person: str
    page: str
    field: str
    first: str
    second: str
    post: str = ""


ROUND, DRAFT = "/rounds/{round}", "/rounds/{draft}"
WORDS, OTHER_WORDS = (
    f"เวียน: ใช่\nเรื่อง: {which}\nเรียน: ท่าน\n\nด้วยทดลอง\n\nจึงเรียนมาเพื่อโปรดทราบ" for which in ("หนึ่ง", "สอง")
)
CASES = (
    Case("agencies", "dla", "/admin/agencies/edit/?id={a1}", "name", "เกาะคาหนึ่ง", "เกาะคาสอง"),
    Case("RenewForm", "dla", "/admin/agency-changes/{change}/edit", "rests_on", "คำสั่งหนึ่ง", "คำสั่งสอง"),
    Case("sectors", "nacc", "/admin/sectors/edit/?id=1", "office", "สำนักหนึ่ง", "สำนักสอง"),
    Case("provinces", "dla", "/admin/provinces/edit/?id={province}", "name_en", "First", "Second"),
    Case("districts", "dla", "/admin/districts/edit/?id=1", "name", "เมืองหนึ่ง", "เมืองสอง"),
    Case("accounts", "dla", "/admin/accounts/edit/?id={admin}", "phone", "0811111111", "0822222222"),
    Case(
        "descriptive_fields", "dla", "/admin/descriptive-fields/edit/?id={field}", "label", "ช่องหนึ่ง", "ช่องสอง"
    ),
    Case("agency_kinds", "dla", "/admin/kinds/edit/?id=1", "head", "นายกหนึ่ง", "นายกสอง"),
    Case("agency_sizes", "dla", "/admin/sizes/edit/?id=1", "name", "เล็กหนึ่ง", "เล็กสอง"),
    Case("KeptForm", "dla", "/lists/kept/{kept}", "name", "ตัวกรองหนึ่ง", "ตัวกรองสอง"),
    Case("OwnForm", "agency_admin", "/me/edit", "phone", "0811111111", "0822222222"),
    Case("assessor_bodies", "nacc", "/admin/assessor-bodies/edit/?id={body}", "name", "คณะหนึ่ง", "คณะสอง"),
    Case(
        "SharingRuleForm", "nacc", ROUND + "/sharing/rules/{sharing_rule}", "districts", "เกาะคา", "เมืองลำปาง"
    ),
    Case("ItemWordsForm", "dla", DRAFT + "/oit-items/words/O1", "title", "ข้อหนึ่ง", "ข้อสอง"),
    Case("SettingsForm", "nacc", DRAFT + "/settings", "name", "รอบหนึ่ง", "รอบสอง"),
    Case("WindowsForm", "nacc", DRAFT + "/windows", "oit__main__last", "30 ธ.ค. 2562", "31 ธ.ค. 2562"),
    Case(
        "MoveWindowsForm",
        "nacc",
        DRAFT + "/build/rules/windows/move",
        "first_day",
        "3 ก.พ. 2562",
        "4 ก.พ. 2562",
    ),
    Case("GroupsForm", "nacc", DRAFT + "/build/rules/groups", "groups-0-name", "กลุ่มหนึ่ง", "กลุ่มสอง"),
    Case(
        "HeadcountGroupsForm",
        "nacc",
        DRAFT + "/build/rules/headcount-groups",
        "groups-0-name",
        "กลุ่มหนึ่ง",
        "กลุ่มสอง",
    ),
    Case("BandsForm", "nacc", DRAFT + "/build/rules/bands", "bands-0-grade", "S", "SS"),
    Case("SampleForm", "nacc", DRAFT + "/build/rules/samples/iit:-:-:-", "brackets-0-upto", "7", "8"),
    Case("MoveForm", "nacc", DRAFT + "/build/iit/move?thing=question&code=I1", "to", "2", "3"),
    Case("InstrumentForm", "nacc", DRAFT + "/build/iit/instrument", "name", "แบบหนึ่ง", "แบบสอง"),
    Case("IndicatorForm", "nacc", DRAFT + "/build/iit/indicators/1", "name", "ตัวชี้วัดหนึ่ง", "ตัวชี้วัดสอง"),
    Case("QuestionForm", "nacc", DRAFT + "/build/iit/questions/I1", "text", "คำถามหนึ่ง", "คำถามสอง"),
    Case("ItemForm", "nacc", DRAFT + "/build/oit/items/O1", "title", "ข้อหนึ่ง", "ข้อสอง"),
    Case("ScaleForm", "nacc", DRAFT + "/build/scales/LIKERT4", "name", "มาตรหนึ่ง", "มาตรสอง"),
    Case("WordsForm", "nacc", DRAFT + "/build/texts/en", "instrument.iit.name", "Form one", "Form two"),
    Case("ProvinceSizesForm", "nacc", ROUND + "/provinces", "size_52", "S", "L"),
    Case("PeopleForm", "dla", "/admin/people/settings", "help_name", "กองหนึ่ง", "กองสอง"),
    Case("OfficeForm", "dla", ROUND + "/letters/circular/office", "name", "กรมหนึ่ง", "กรมสอง"),
    Case("OfficeForm", "province", ROUND + "/letters/summary/office", "name", "จังหวัดหนึ่ง", "จังหวัดสอง"),
    Case("SignatoryForm", "dla", ROUND + "/letters/signatory/{signatory}", "name", "คนหนึ่ง", "คนสอง"),
    Case("TextForm", "dla", ROUND + "/letters/office/{office}/texts/circular", "source", WORDS, OTHER_WORDS),
    Case("CircularForm", "dla", "/letters/{dispatch}/edit", "references", "หนังสือหนึ่ง", "หนังสือสอง"),
    Case("BookForm", "province", "/inbox/register", "first", "41", "42"),
    Case("AgencyContactForm", "executive", "/agencies/{a1}/contacts/edit", "person", "คนหนึ่ง", "คนสอง"),
    Case("ProvinceContactForm", "province", "/contacts/offices/{province}", "person", "คนหนึ่ง", "คนสอง"),
    Case("HeadcountForm", "agency_admin", ROUND + "/preparation/headcount", "headcount", "41", "42"),
    Case("PersonForm", "agency_admin", ROUND + "/preparation/roster/{entry}", "email", "a@b.th", "c@d.th"),
    Case(
        "JudgementForm",
        "assessor",
        ROUND + "/assessor/{a2_round}/roster",
        "note",
        "เห็นหนึ่ง",
        "เห็นสอง",
        ROUND + "/assessor/{a2_round}/judgement",
    ),
    Case("AnswerForm", "agency_admin", ROUND + "/oit/{item}", "explanation", "ที่ป้ายหนึ่ง", "ที่ป้ายสอง"),
)
#: what a form needs beside the field that is typed
MORE = {
    "OfficeForm": {
        "address": "ถนนทดลอง",
        "number_prefix": "มท 0",
        "signing": "number_first",
        "register": "general",
    },
    "BookForm": {"kept": "here"},
    "SignatoryForm": {"position": "อธิบดี"},
    "CircularForm": {"signatory": "1"},
    "JudgementForm": {"verdict": "representative"},
    "AnswerForm": {"disclosed": "yes"},
}
#: versioned too, tried where their subject is, in tests/views
ELSEWHERE = {
    "AnnouncementForm",
    "StepForm",
    "FailForm",
    "ScoreForm",
    "WeightsForm",
    "CorrectionForm",
    "DraftForm",
    "ProvinceLetterForm",
    "IssueForm",
    "HeadcountCorrectionForm",
    "DeclineForm",
    "KeepingForm",
    "OwnDataForm",
    "RefusalForm",
    "ChangeForm",
    "MergeForm",
    "SplitForm",
}
#: forms that change no stored row that others have open: they add, ask, or are about the person's own
ADDS_OR_ASKS = {
    "AssignForm",
    "KeepForm",
    "BodiesFileForm",
    "BodyMoveForm",
    "ConflictForm",
    "ShareForm",
    "NoteForm",
    "RuleForm",
    "WithdrawForm",
    "ExtensionForm",
    "TakeBackForm",
    "UndoForm",
    "PastedForm",
    "SizeForm",
    "SummaryForm",
    "PostersForm",
    "GrantForm",
    "OfficerForm",
    "AccountForm",
    "AppointForm",
    "HandOverForm",
    "PersonForm",
    "RequestForm",
    "_GrantFields",
    "SignInForm",
    "CodeForm",
    "WhoForm",
    "OwnAccountForm",
    "ForgottenForm",
    "ResetForm",
    "ProveForm",
    "EmailForm",
    "PasswordForm",
    "ChoiceForm",
    "FetchForm",
    "AppForm",
    "PasskeyForm",
    "ProofForm",
    "TokenForm",
    "SecondForm",
    "UploadForm",
    "ReasonForm",
    "ReleaseForm",
    "DestructionForm",
    "NewRoundForm",
    "SeriesForm",
    "BeginForm",
    "ScanForm",
    "ReceiptForm",
    "PassOnForm",
}
#: carry the version of the participation as a plain field of their page
BY_THE_PAGE = {"ReturnForm"}


@pytest.fixture
def places(app: Portal, world: World) -> dict[str, int]:
    """Ids of the rows that the cases edit."""
    fill_roster(app, world, "a1", people=2, confirmed=False)
    fill_roster(app, world, "a2", people=3)
    with app.app_context():
        set_up(world, "dla")
        dispatch = drafted(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            kept = saved_lists.keep(actor, "agencies", "ตัวกรอง", {}, shared=False, default=False)
            kept_id = kept.id
        change = changes.drafted(world, "a2", changes.renewed(world, "a2", "ท่าผาใหม่"))
    with app.app_context(), writing(), privileged("a test's draft") as session:
        content = replace(load_year(2561), fiscal_year=2562)
        draft = setup.make_round(session, content, name="ร่าง", windows=shifted_windows(NOW))
        items = select(OitItem.id).join(Instrument, Instrument.id == OitItem.instrument_id)
        sharing = AssessorRule(round_id=world.round_id, position=1, province_ids=[world.province["52"]])
        sharing.body_ids = [world.body["body1"]]
        field = DescriptiveField(
            owner=FieldOwner.AGENCY, key="area", label="เนื้อที่", heading="เนื้อที่", kind=FieldKind.TEXT
        )
        session.add_all((sharing, field))
        session.flush()
        entries = select(RosterEntry.id).where(RosterEntry.participation_id == world.participation["a1"])
        return {
            "round": world.round_id,
            "draft": draft.id,
            "a1": world.agency["a1"],
            "admin": world.account["agency_admin"],
            "province": world.province["52"],
            "dispatch": dispatch,
            "change": change,
            "kept": kept_id,
            "field": field.id,
            "office": session.scalars(select(LetterOffice.id)).one(),
            "signatory": session.scalars(select(Signatory.id)).one(),
            "sharing_rule": sharing.id,
            "body": world.body["body1"],
            "a2_round": world.participation["a2"],
            "item": session.scalars(items.where(Instrument.round_id == world.round_id)).first() or 0,
            "entry": session.scalars(entries).first() or 0,
        }


@pytest.mark.postgres
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.what}-{case.person}")
def test_the_second_is_told_and_loses_nothing(
    client_as: ClientAs, places: dict[str, int], case: Case
) -> None:
    page, post = (text.format(**places) for text in (case.page, case.post or case.page))
    one, other = client_as(case.person), client_as(case.person)
    shown = [
        form_with(client.get(page).text, case.field) | MORE.get(case.what, {}) for client in (one, other)
    ]
    first = one.submit(post, shown[0] | {"csrf_token": one.csrf_token(), case.field: case.first})
    assert first.status_code == 302, first.text
    told = other.submit(post, shown[1] | {"csrf_token": other.csrf_token(), case.field: case.second})
    assert told.status_code == 409
    assert "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in told.text
    assert case.first in told.text.replace("\u00a0", " "), "what is stored now"
    again = form_with(told.text, case.field)
    assert again[case.field] == case.second, "what was typed"
    saved = other.submit(post, again | {"csrf_token": other.csrf_token()})
    assert saved.status_code == 302, "with both in view it is a choice"
    kept = form_with(one.get(page).text.replace("\u00a0", " "), case.field)[case.field]
    assert kept.strip() == case.second  # a text ends with its line


def forms() -> set[type[FlaskForm]]:
    """Every form of the signed-in desks."""
    found: set[type[FlaskForm]] = set()
    for path in sorted((ROOT / "views").rglob("*.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found |= {
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, FlaskForm)
            and value.__module__ == module.__name__
        }
    return found


def untold(found: set[type[FlaskForm]]) -> set[str]:
    """Forms that no case tries and that no table says to edit no row; a versioned one needs a case."""
    tried = {case.what for case in CASES} | ELSEWHERE
    return {
        form.__name__
        for form in found
        if form.__name__ not in (tried if issubclass(form, VersionedForm) else ADDS_OR_ASKS | BY_THE_PAGE)
    }


def test_every_form_of_a_stored_row_carries_its_version() -> None:
    assert not untold(forms()), "it edits a row (VersionedForm, with a case), or a table above names it"
    names = {case.what for case in CASES if case.what.endswith("Form")} | ELSEWHERE
    assert names | ADDS_OR_ASKS | BY_THE_PAGE <= {form.__name__ for form in forms()}


def test_a_planted_form_without_a_version_or_a_case_is_found() -> None:
    bare, versioned = (type(f"Planted{base.__name__}", (base,), {}) for base in (FlaskForm, VersionedForm))
    assert untold({bare, versioned}) == {"PlantedFlaskForm", "PlantedVersionedForm"}


def test_every_generated_screen_that_edits_is_tried() -> None:
    editing = {view.endpoint for module in GENERATED for view in module.views() if view.permissions.edit}
    assert editing == {case.what for case in CASES if not case.what.endswith("Form")}
