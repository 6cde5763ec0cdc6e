"""The end of a year: closed on screen, its boxes opened by the demonstration itself, scores, trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from playwright.sync_api import expect

from models.instrument import InstrumentKind
from portal import duties
from tests.journeys.main import expected
from tests.journeys.main.stage import SHORT, Journey, follow, number_in, press, shows, told


def close(journey: Journey, year: int) -> None:
    """NACC types the year; when the job is done, the demonstration opens the boxes within a minute."""
    page = journey.at_desk("nacc")
    page.goto(journey.path(""))
    page.get_by_role("link", name="ปิดรอบ", exact=True).first.click()
    page.get_by_label(f"“{year}”", exact=False).fill(str(year))
    if (unscored := page.locator("main input[name=confirm]")).count():
        unscored.check()
    press(page, "ปิดรอบ")
    told(page, "ปิดรอบแล้ว")
    number_in(page, r"/jobs/(\d+)$")
    expect(page.locator("#job")).to_contain_text("เสร็จแล้ว", timeout=60_000)
    with journey.app.app_context():
        duties.open_closed_rounds()  # what the worker does each minute
    page.goto(journey.path("/results"))
    for _second in range(60):
        if page.locator("main tbody tr").count():
            break
        page.wait_for_timeout(500)
        page.reload()


def checklist_score(items: Sequence[tuple[str, str]], points: Mapping[str, int]) -> Fraction:
    """The score of OIT: of items the mean, of sub-indicators, of indicators; 9.1 stands below 9."""
    parts: dict[str, list[Fraction]] = {}
    for code, place in items:
        parts.setdefault(place, []).append(Fraction(points[code]))
    tops: dict[str, list[Fraction]] = {}
    for place, worths in parts.items():
        tops.setdefault(place.partition(".")[0], []).append(mean(worths))
    return mean([mean(scores) for scores in tops.values()])


def mean(scores: Sequence[Fraction]) -> Fraction:
    """The plain mean."""
    return sum(scores, Fraction(0)) / len(scores)


def see_scores(journey: Journey, items: Sequence[tuple[str, str]], points: Mapping[str, int]) -> None:
    """NACC and the agency read the figures that follow from what was answered."""
    scores = {kind: expected.survey_score(kind, sent) for kind, sent in journey.sent.items()}
    scores[InstrumentKind.OIT] = checklist_score(items, points)
    total = expected.total_of(scores)
    page = journey.at_desk("nacc")
    page.goto(journey.path("/results"))
    row = page.locator("main tbody tr").filter(has_text=SHORT)
    for score in (*scores.values(), total):
        expect(row).to_contain_text(expected.shown(score))
    follow(page, SHORT)
    shows(page, f"{expected.shown(total)} จาก 100", f"เกรด {expected.grade(total)}")
    admin = journey.at_desk("agency_admin")
    admin.goto(journey.path("/results"))
    shows(admin, f"{expected.shown(total)} จาก 100")
