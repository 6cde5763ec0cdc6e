"""The pictures of the guides, made anew from the demonstration: ``make pictures``, then look at every one.

A demonstration of its own is made and served for it, or ``--at`` names one that is served (``make run``).
The respondents' form shows the device's own letters: it is pictured only where there are Thai ones.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from config import ROOT
from portal.tools.demo.people import PASSWORD
from portal.tools.drill.server import free_port
from tests.support.browser import PHONE, chromium
from tests.support.serving import Served

GUIDES = ROOT / "docs" / "guide" / "pictures"
README = ROOT / "docs" / "pictures"
DESK = (1280, 800)
#: a picture of a page in few colours says as much, in a third of the bytes; in fewer where it is too large
COLOURS = (96, 64, 48)
LARGEST = 60_000
#: how many seconds the demonstration may take to be made and served, or to end
PATIENCE = 600


@dataclass(frozen=True)
class Picture:
    """What is pictured: a file of a guide, who looks, at which of several desks, and the way from home.

    A step of the way is an address below the round (empty: the round's own), an address of the site
    (``/help``), what is pressed (``> css``), or where a link leads (``@ css``). ``own_letters``: the page
    brings no letters, and takes those of the device.
    """

    name: str
    person: str
    way: tuple[str, ...] = ()
    desk: str = ""
    size: tuple[int, int] = DESK
    folder: Path = GUIDES
    own_letters: bool = False


PICTURES = (
    Picture("agency-home", "demo-admin", desk="เกาะคา"),
    Picture("agency-roster", "demo-admin", ("preparation/roster/import",), desk="เกาะคา"),
    Picture("agency-links", "demo-admin", ("links",), desk="ทุ่งฮั้ว"),
    Picture("agency-oit", "demo-admin", ("oit", "> main a[href*='/oit/']"), desk="นาแก้ว"),
    Picture("executive", "demo-executive", ("oit/review", "> main a[href*='/review/']"), "ทุ่งฮั้ว", PHONE),
    Picture("assessor", "demo-assessor", ("assessor",)),
    Picture("assessor-scoring", "demo-assessor", ("scoring",)),
    Picture("province", "demo-province", ("status",)),
    Picture("accounts", "demo-province", ("/admin/people",)),
    Picture("dla-home", "demo-dla"),
    Picture("letter", "demo-dla", ("letters/circular/new",)),
    Picture("system", "demo-dla", ("/system",)),
    Picture("nacc-home", "demo-nacc"),
    Picture("round", "demo-nacc", ("",)),
    Picture("form", "demo-admin", ("links", "@ main a[href*='/s/']"), "ท่าผา", PHONE, own_letters=True),
    Picture("help-index", "demo-province", ("/help",), folder=README),
    Picture("help-guide", "demo-province", ("/help/province#slips",), size=(1140, 700), folder=README),
    Picture("help-phone", "demo-executive", ("/help/executive#review",), size=PHONE, folder=README),
    Picture("system", "demo-dla", ("/system",), folder=README),
)


def main(words: list[str]) -> int:
    """Make the pictures; 1 where one is too large to be kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", help="the address of a demonstration that is served already")
    parser.add_argument("names", nargs="*", help="these pictures only")
    given = parser.parse_args(words)
    chosen = [one for one in PICTURES if not given.names or one.name in given.names]
    if not has_thai_letters():
        print("left as they are, for want of Thai letters:", *(one.name for one in chosen if one.own_letters))
        chosen = [one for one in chosen if not one.own_letters]
    with demonstration(given.at) as address, chromium() as browser:
        sizes = {one: take(browser, address, one) for one in chosen}
    for one, size in sizes.items():
        print(f"{one.folder.relative_to(ROOT)}/{one.name}.png  {size:,} bytes")
    return int(any(size > LARGEST for size in sizes.values()))


@contextmanager
def demonstration(at: str | None) -> Iterator[str]:
    """The address of a demonstration: the one given, or one made for this and thrown away."""
    if at:
        yield at.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "INSTANCE_DIR": folder, "PORT": str(free_port())}
        served = Served(environment, "start")
        try:
            until = time.monotonic() + PATIENCE
            while not served.said("Demonstration accounts") and time.monotonic() < until:
                time.sleep(1)
            yield f"http://127.0.0.1:{served.port}"
        finally:
            served.process.terminate()
            served.process.wait(PATIENCE)
            served.close()


def take(browser: Browser, address: str, picture: Picture) -> int:
    """Make one picture; gives its bytes."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="th-TH")
    page = context.new_page()
    sign_in(page, address, picture)
    home = page.url.rpartition("/home")[0]
    for step in picture.way:
        go(page, step, address if step.startswith("/") else f"{home}/")
    page.evaluate("document.fonts.ready")
    shot = page.screenshot(animations="disabled")
    context.close()
    return keep(shot, picture.folder / f"{picture.name}.png")


def go(page: Page, step: str, before: str) -> None:
    """Take one step of a way; ``before`` is the beginning of an address."""
    if step.startswith("> "):
        page.locator(step[2:]).first.click()
    elif step.startswith("@ "):
        page.goto(page.locator(step[2:]).first.get_attribute("href") or "")
    else:
        page.goto((before + step).rstrip("/"))
    page.wait_for_load_state()


def has_thai_letters() -> bool:
    """True where a browser finds Thai letters on this machine."""
    listed = subprocess.run(["fc-list", ":lang=th", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def sign_in(page: Page, address: str, picture: Picture) -> None:
    """Come in as the picture's person, and sit down at its desk."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=username]", picture.person)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if page.url.endswith("/desks"):
        page.locator("main form button", has_text=picture.desk).first.click()
        page.wait_for_load_state()


def keep(shot: bytes, path: Path) -> int:
    """Write a picture in few colours; gives its bytes."""
    path.parent.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(shot)) as image:
        for colours in COLOURS:
            # the means of the colours as they are: without, pale greys turn into another hue
            few = image.convert("RGB").quantize(colours, kmeans=4, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
            if path.stat().st_size <= LARGEST:
                break
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
