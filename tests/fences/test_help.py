"""Every screen leads to its place in the guides, and every guide can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from models.account import Role
from portal.core.access import GRANTS, Permission
from portal.core.web import Portal
from portal.help import shelf
from portal.help.reading import Addresses
from tests.fences.test_whole_app import _each, tracked
from tests.support.api import of_programmes
from views.help.places import PLACE_OF, PLACES

IN_A_FRAME = "stands in a frame of round_preview.show, which has a place"
#: addresses that give a file, a part of a page, or another address
NO_SCREEN = {
    "admin.index": "leads home",
    "api_tokens.description": "a file",
    "builder_acts.move": "a part of a page",
    "letter_drafts.citable": "a part of a page",
    "account_workbook.download": "a file",
    "account_workbook.faults": "a file",
    "anchors.key": "a file",
    "certificates.pdf": "a file",
    "destruction.pdf": "a file",
    "personal_keeping.pdf": "a file",
    "dispatches.print_file": "a file",
    "dispatches.scan": "a file",
    "links.picture": "a file",
    "receivers.file_of_letter": "a file",
    "receivers.file_of_passed_on": "a file",
    "registry_import.absent_agencies": "a file",
    "registry_import.wrong_rows": "a file",
    "registry_imports.changes": "a file",
    "agency_changes.file": "a file",
    "sharing.template": "a file",
    "roster_import.template": "a file",
    "round_workbook.download": "a file",
    "round_workbook.faults": "a file",
    "status.agency_file": "a file",
    "status.country_file": "a file",
    "status.province_file": "a file",
    "status.stages_file": "a file",
    "sign_in.desks": "no desk is chosen yet: a page without the frame",
    "sign_in.password": "a page without the frame",
    "survey_preview.form": IN_A_FRAME,
    "interview_preview.show": IN_A_FRAME,
    "oit_preview.review": IN_A_FRAME,
    "oit_preview.score": IN_A_FRAME,
    "round_preview.nothing": IN_A_FRAME,
}
#: how the files of lists and of rows are called everywhere
FILES = (".export", ".file", ".file_of_list")
PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)


def screens(app: Portal) -> dict[str, tuple[Role, ...]]:
    """The pages of the desks, and the roles that see each."""
    found = {}
    rules = app.extensions["access_rules"]
    for rule in app.url_map.iter_rules():
        asked, name = rules[rule.endpoint], rule.endpoint
        if of_programmes(app, name):
            continue
        if "GET" in (rule.methods or ()) and asked not in ("open", None) and not name.endswith(FILES):
            sees = [one for one in PEOPLE if not isinstance(asked, Permission) or asked in GRANTS[one]]
            found[name] = tuple(sees)
    return {name: roles for name, roles in found.items() if name not in NO_SCREEN}


def without_a_place(app: Portal) -> Iterator[str]:
    """Screens of which nothing says where a guide tells about them, or of which no guide of a role does."""
    for endpoint, roles in screens(app).items():
        place = PLACE_OF.get(endpoint, "")
        for role in roles:
            if shelf.guide_with(place, role) is None:
                yield f"{endpoint}: {role.value} reads nothing of {place or 'it'}"


def test_every_screen_has_its_place_in_the_guide_of_everybody_who_sees_it(app: Portal) -> None:
    assert len(screens(app)) > 150
    assert not list(without_a_place(app)), "\n".join(without_a_place(app))


@pytest.mark.own_app
def test_a_planted_page_without_a_place_is_found(app: Portal) -> None:
    app.add_url_rule("/planted", "planted", lambda: "nobody wrote about it")
    app.extensions["access_rules"]["planted"] = Permission.SYSTEM_READ
    assert set(without_a_place(app)) == {f"planted: {role} reads nothing of it" for role in ("dla", "nacc")}


def test_no_place_tells_about_a_screen_twice_or_about_none(app: Portal) -> None:
    named = [endpoint for endpoints in PLACES.values() for endpoint in endpoints]
    assert len(named) == len(set(named))
    assert set(named) <= set(app.view_functions), set(named) - set(app.view_functions)
    assert NO_SCREEN.keys() <= set(app.view_functions)
    assert set(named) & NO_SCREEN.keys() <= {"admin.index", "builder_acts.move"}


def test_every_guide_of_the_folder_is_shown_and_its_links_lead_somewhere() -> None:
    written = {path.stem for path in tracked("docs/guide/*.md")} - {"README"}
    assert written == set(shelf.GUIDES)
    led: list[tuple[str, str]] = []
    shown: list[str] = []

    def to_guide(name: str, place: str) -> str:
        led.append((name, place))
        return ""

    def to_picture(name: str) -> str:
        shown.append(name)
        return ""

    for name in shelf.GUIDES:
        guide = shelf.guide(name)
        html = guide.html(Addresses(to_guide, to_picture))
        led += [(name, place) for place in re.findall(r'href="#([^"]+)"', html)]
        assert 'href="' not in re.sub(r'href="(#[^"]*|)"', "", html), f"{name} leads out of the guides"
    assert len(led) > 10
    lost = [(name, place) for name, place in led if place and place not in shelf.guide(name).places]
    assert not lost
    assert set(shown) <= shelf.pictures()


_PRESSED = re.compile(r"\*\*(.+?)\*\*")
_FILLED = re.compile(r"%\(\w+\)[sd]")


def words_of_screens() -> str:
    """Everything that screens say, without spaces, with … for what is filled in."""
    said: list[str] = []
    for path in tracked("portal/translations/*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="th"):
                said += _each(message.string)
    return "\n".join("".join(_FILLED.sub("…", words).split()) for words in said)


def unsaid(text: str, screens: str) -> list[str]:
    """What a guide shows in bold, as on a button or a menu, and no screen says."""
    parts = [part for bold in _PRESSED.findall(text) for part in bold.split("…")]
    return [part for part in parts if "".join(part.split()) not in screens]


def test_what_a_guide_says_to_press_is_on_a_screen() -> None:
    screens = words_of_screens()
    wrong = {path.stem: unsaid(path.read_text(), screens) for path in tracked("docs/guide/*.md")}
    assert not any(wrong.values()), {name: words for name, words in wrong.items() if words}
    assert unsaid("**กดปุ่มที่ไม่มี** **บันทึก**", screens) == ["กดปุ่มที่ไม่มี"]
