"""The press: what many letters share is laid out once, and what is announced is text, never a rule."""

from __future__ import annotations

from reports.letter_data import Typeface
from reports.press import Press, the_press

PAGE = '<html lang="th"><body><p>{}</p>'


def test_a_shared_text_is_laid_out_once_and_not_for_ever() -> None:
    """A batch shares one procedure; a press that runs for months does not keep every one it saw."""
    press = Press()
    first = press.lay_out_once(PAGE.format("ก"), Typeface())
    assert press.lay_out_once(PAGE.format("ก"), Typeface()) is first
    assert press.lay_out_once(PAGE.format("ก"), Typeface(size_pt=12)) is not first
    for number in range(8):
        press.lay_out_once(PAGE.format(number), Typeface())
    assert press.lay_out_once(PAGE.format("ก"), Typeface()) is not first


def announced(press: Press, words: str) -> str:
    """What stands at the foot of a page that announces these words."""
    document = press.lay_out(PAGE.format("ก"), Typeface(), continuation=(words,))
    box = document.pages[0]._page_box
    margins = [child for child in box.children if type(child).__name__ == "MarginBox"]
    texts = [text for margin in margins for text in _texts(margin)]
    return "".join(texts)


def _texts(box: object) -> list[str]:
    own = [str(box.text)] if hasattr(box, "text") else []
    return own + [text for child in getattr(box, "children", ()) for text in _texts(child)]


def test_words_of_a_letter_are_no_rule_of_the_page() -> None:
    hostile = '/ในการนี้" } body { display: none \\\n...'
    assert announced(the_press(), hostile) == "/ในการนี้ } body { display: none ..."


def test_many_announcements_are_not_kept_for_ever() -> None:
    """Each is told right, also after more of them than the press keeps."""
    press = Press()
    for number in range(202):
        press._continuation((f"/{number}...",))
    assert len(press._continuations) < 202
    assert announced(press, "/๗...") == "/๗..."
