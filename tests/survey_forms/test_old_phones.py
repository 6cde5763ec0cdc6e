"""What an old phone gets: few bytes, one request, nothing newer than the engine of 2018, short words."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import survey_forms
from models.instrument import InstrumentKind
from portal.ballot.public_texts import HOME, INTERVIEW, PUBLIC
from portal.core.web import Portal
from survey_forms.inline import FORGET, SCRIPT, STYLE
from tests.support.respondents import confirm, link_codes
from tests.support.world import World

ASSETS = Path(survey_forms.__file__).parent / "assets"
MOST_BYTES = 30 * 1024
#: what Chromium 69 (September 2018) cannot read: one of these and no line of the script runs
NEWER_SCRIPT = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish values": r"\?\?",
    "logical assignment": r"(\|\||&&)=",
    "private fields": r"[.{;\s]#[a-z]\w*\s*[=(;]",
    "numbers with separators": r"\d_\d",
    "replaceAll, at, matchAll, allSettled, structuredClone, flat of arrays": (
        r"\.(replaceAll|matchAll|allSettled|at|findLast|flat|flatMap|replaceChildren|toSorted|fromEntries)\("
        r"|structuredClone|queueMicrotask|globalThis|ResizeObserver|randomUUID|AbortSignal\.(timeout|any)"
    ),
    "import and export": r"(^|\s)(import|export)\b",
}
#: selectors that make an engine drop all of their rule, and layout that it would leave out
NEWER_SELECTORS = r":(is|where|has|focus-visible|user-invalid)\b"
NEWER_STYLE = {
    "inset": r"[;{]inset:",
    "functions": r"\b(clamp|min|max|light-dark|color-mix|oklch)\(",
    "units": r"\d(dvh|svh|lvh|cqw|lh|rlh)\b",
    "aspect-ratio": r"aspect-ratio",
    "logical sides": r"(margin|padding|inset)-(inline|block)",
    "nesting and layers": r"@layer|@container|&",
    "ranges in media queries": r"@media\([^)]*[<>]",
}
#: what may be lost: a tint, an outline; the control itself says it too
MAY_BE_LOST = r"\{(background|border-color|outline)[^}]*\}"


@pytest.mark.parametrize("name", NEWER_SCRIPT)
def test_no_script_is_newer_than_2018(name: str) -> None:
    assert not re.search(NEWER_SCRIPT[name], SCRIPT + FORGET), name


@pytest.mark.parametrize("name", NEWER_STYLE)
def test_no_style_is_newer_than_2018(name: str) -> None:
    assert not re.search(NEWER_STYLE[name], STYLE), name


def test_newer_selectors_only_tint_and_flex_needs_no_gap() -> None:
    for selector, body in re.findall(r"([^{}]+)(\{[^{}]*\})", STYLE):
        if re.search(NEWER_SELECTORS, selector):
            assert re.fullmatch(MAY_BE_LOST, body), selector
            assert "," not in selector, "what stands beside a newer selector would be lost with it"
        if re.search(r"display:(inline-)?flex", body):
            assert "gap:" not in body, selector
        if re.search(r"(^|[;{])appearance:", body):
            assert "-webkit-appearance:" in body, selector


def test_the_check_finds_what_it_looks_for() -> None:
    for newer in ("a?.b", "a ?? b", "a ||= b", "x.at(-1)", "x.replaceAll(1)"):
        assert any(re.search(pattern, newer) for pattern in NEWER_SCRIPT.values()), newer
    for newer in ("a{inset:0}", "a{width:clamp(1px,2vw,3px)}", "a{height:100dvh}"):
        assert any(re.search(pattern, newer) for pattern in NEWER_STYLE.values()), newer


def test_dark_has_every_colour_of_light() -> None:
    light, dark = (set(re.findall(r"(--\w+):", block)) for block in re.findall(r":root\{([^}]*)\}", STYLE))
    used = set(re.findall(r"var\((--\w+)\)", STYLE))
    assert light == dark == used


def test_the_script_never_keeps_the_id() -> None:
    keep = (ASSETS / "keep.js").read_text()
    assert re.findall(r'getElementById\("id"\)(\.\w+)', keep) == [".focus", ".focus"]
    assert "localStorage" not in (ASSETS / "form.js").read_text()
    assert "serviceWorker" not in SCRIPT and "sync" not in SCRIPT.lower()


@pytest.mark.parametrize("kind", [InstrumentKind.IIT, InstrumentKind.EIT])
def test_a_form_is_one_small_request(app: Portal, world: World, kind: InstrumentKind) -> None:
    confirm(app, world)
    url = f"/s/{link_codes(app, world)[kind]}"
    sent = app.test_client().get(url, headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert len(sent.data) <= MOST_BYTES, f"{len(sent.data)} bytes"
    page = gzip.decompress(sent.data).decode()
    asked = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"([^\"]*)", page)
    assert asked == ["data:,"], "style and script stand inside"


#: how long a piece between two spaces (a phrase, in Thai) may be; signs that stand on others not counted
LONGEST_PHRASE, LONGEST_TEXT = 62, 190
#: words of offices and of computers for which everyday Thai has others
HARD = re.compile("ดำเนินการ|ดังกล่าว|ทั้งนี้|อนึ่ง|ประมวลผล|เซิร์ฟเวอร์|เบราว์เซอร์|โทเคน|เข้ารหัส|แคช|ล็อกอิน|มิได้|ซึ่งกันและกัน")


def signs(words: str) -> int:
    """How many signs stand beside one another."""
    return len(re.sub("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", words))


def test_the_forms_say_short_things_in_common_words(app: Portal) -> None:
    with app.test_request_context():
        texts = {key: t.thai for key, t in PUBLIC.items() if t.part not in {HOME, INTERVIEW} and t.thai}
    assert len(texts) > 60
    long = {
        key: max(words.split(), key=signs)
        for key, words in texts.items()
        if max(map(signs, words.split())) > LONGEST_PHRASE or signs(words) > LONGEST_TEXT
    }
    assert not long
    assert not {key: found[0] for key, words in texts.items() if (found := HARD.search(words))}
