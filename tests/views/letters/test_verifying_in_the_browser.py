"""The public page of a letter, where a file is compared with it: at both widths, and nothing leaves it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.dispatch import DispatchState
from models.letter_office import OfficeKind
from portal.core.web import ONLY_OUR_FILES, Portal
from tests.factories.base import Make
from tests.factories.letters import (
    DispatchFactory,
    LetterFactory,
    StoredFileFactory,
    one_page,
)
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import Screens, served
from tests.support.world import NOW, World

pytestmark = pytest.mark.browser
PUBLIC = "0123456789abcdef" * 2
BODY = one_page()
SIGNED, SCAN = BODY + b"% and a signature", b"%PDF-1.4 scan"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
#: a file is dropped as a desk drops it: the browser's own event with a file in it
DROP = """([content, name]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([new Uint8Array(content)], name, { type: "application/pdf" }));
  const box = document.querySelector("[data-compare]");
  for (const kind of ["dragenter", "dragover", "drop"])
    box.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def letter(world: World, make: Make) -> str:
    """An issued letter that was signed, and whose paper was signed and filed as well; gives its page."""
    dispatch = make(
        DispatchFactory,
        round_id=world.round_id,
        office__kind=OfficeKind.DLA,
        office__province_id=None,
        office__texts={"name": "กรมทดลอง"},
        province_id=None,
        state=DispatchState.SENT,
        number="มท 0810.7/ว 1",
        dated=NOW.date(),
        scan_file_id=make(StoredFileFactory, content=SCAN).id,
    )
    make(
        LetterFactory,
        round_id=world.round_id,
        dispatch_id=dispatch.id,
        province_id=world.province["52"],
        public_id=PUBLIC,
        file__content=SIGNED,
        body_sha256=hashlib.sha256(BODY).hexdigest(),
        body_size=len(BODY),
    )
    return f"/letter/{PUBLIC}"


@pytest.fixture
def screens(app: Portal, browser: Browser) -> Iterator[Screens]:
    with served(app) as url:
        people = Screens(browser, url)
        yield people
        people.close()


def shot(page: Page, name: str) -> None:
    """A picture to look at, where a folder is given."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def choose(page: Page, content: bytes, name: str = "หนังสือ.pdf") -> None:
    page.get_by_label("เลือกไฟล์ PDF").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )


class Told:
    """What the page says of a file, as it is seen: other answers wait in the page, hidden."""

    def __init__(self, page: Page) -> None:
        self._place = page.locator("[data-compare] [role=status]")

    def says(self, *words: str) -> None:
        """Each of these, and no other answer beside."""
        for text in words:
            expect(self._place).to_contain_text(text, use_inner_text=True)
        expect(self._place.locator("[data-answer]:visible")).to_have_count(1)


@SIZES
def test_a_file_is_compared_with_every_version_and_never_sent(
    screens: Screens, letter: str, size: tuple[int, int]
) -> None:
    page = screens.visitor(size)
    with page.expect_response(f"**{letter}") as answered:
        page.goto(letter)
    assert answered.value.headers["content-security-policy"] == ONLY_OUR_FILES, "as strict as any page's"
    page.wait_for_load_state("networkidle")
    shot(page, f"verify-{size[0]}")
    sent: list[str] = []
    # the mark of the tab may come late; it is asked for with nothing but its own name
    mark = f"{screens.url}/static/mark.svg?"
    page.on("request", lambda request: sent.append(request.url) if not request.url.startswith(mark) else None)
    told = Told(page)
    for content, words in (
        (SIGNED, "ตรงกับหนังสือที่ลงนามแล้ว"),
        (BODY, "เป็นหนังสือก่อนลงนาม"),
        (SCAN, "ตรงกับภาพสแกน"),
        (SIGNED + b" ", "ไม่ใช่ไฟล์ของหนังสือฉบับนี้"),
    ):
        choose(page, content)
        told.says(words, "หนังสือ.pdf")
    sound(page)
    shot(page, f"verify-other-{size[0]}")
    page.evaluate(DROP, [list(SIGNED), "ลากมา.pdf"])
    told.says("ตรงกับหนังสือที่ลงนามแล้ว", "ลากมา.pdf")
    sound(page)
    shot(page, f"verify-same-{size[0]}")
    choose(page, b"", "ว่าง.pdf")
    told.says("ไม่ใช่ไฟล์ของหนังสือฉบับนี้", "ว่าง.pdf")
    assert sent == [], "no request leaves the page"
    stored = page.evaluate("[localStorage.length, sessionStorage.length]")
    assert stored == [0, 0], "and nothing of it is kept"


def test_a_file_is_chosen_with_the_keyboard_alone(screens: Screens, letter: str) -> None:
    page = screens.visitor(DESKTOP)
    page.on("filechooser", lambda _chooser: None)  # who listens first when a key is pressed may come too late
    page.goto(letter)
    field = page.get_by_label("เลือกไฟล์ PDF")
    for _press in range(12):
        page.keyboard.press("Tab")
        if field.evaluate("one => one === document.activeElement"):
            break
    expect(field).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": BODY})
    Told(page).says("เป็นหนังสือก่อนลงนาม", "a.pdf")


@SIZES
def test_without_scripts_the_page_says_how_to_compare_by_hand(
    screens: Screens, letter: str, size: tuple[int, int]
) -> None:
    page = screens.visitor(size, script=False)
    page.goto(letter)
    words = page.inner_text("main")
    for content in (SIGNED, BODY, SCAN):
        assert hashlib.sha256(content).hexdigest() in words
    for command in ("certutil -hashfile", "shasum -a 256", "sha256sum"):
        assert command in words
    assert not page.get_by_label("เลือกไฟล์ PDF").is_visible(), "no field that would do nothing"
    shot(page, f"verify-plain-{size[0]}")
