"""Lists as PDF: title, chart, table by groups with their sums; what the screen shows, on paper."""

from __future__ import annotations

from markupsafe import Markup

from reports.letter_data import Typeface
from reports.press import the_press
from reports.standards import DataFile, Standing
from reports.table_data import TablePaper
from reports.templating import paper_templates
from reports.wording import share

LIST_FILE = "list.csv"
_TEMPLATES = paper_templates()
_TEMPLATES.filters.update(count=lambda number: f"{number:,}", share=share)
_TYPEFACE = Typeface(size_pt=9.5, line_pt=14.5)


def render_table(paper: TablePaper) -> bytes:
    """A list on A4, upright or across, with its cells inside as CSV. The same data gives the same bytes."""
    widest = sum(column.width for column in paper.columns)
    html = _TEMPLATES.get_template("table.html").render(
        paper=paper,
        widths=[Markup(f"{100 * column.width / widest:.3f}%") for column in paper.columns],  # noqa: S704
        filled=[Markup(f"{_percent(bar.some, bar.whole):.2f}%") for bar in paper.bars],  # noqa: S704
    )
    press = the_press()
    page = press.lay_out(html, _TYPEFACE, sheet="table.css")
    data = DataFile(LIST_FILE, paper.data, "ข้อมูลของตาราง (CSV, UTF-8)")
    return press.bind([page], Standing(paper.office, paper.printed, (data,)))


def _percent(some: int, whole: int) -> float:
    return min(100.0, 100 * some / whole) if whole else 0.0
