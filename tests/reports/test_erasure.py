"""The certificate of erased rosters: what was erased and when, what stays, and no data of anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf

from models.zone import BANGKOK
from reports.erasure import DATA_FILE, render_roster_erasure
from reports.erasure_data import RosterErasure
from reports.letter_data import Office
from tests.reports.archive_rules import archive_faults
from tests.reports.plain import read
from tests.reports.tag_rules import tag_faults

ERASED = RosterErasure(
    Office("สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"),
    round="การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561",
    year="2561",
    kept_until=date(2019, 3, 31),
    by_rule=True,
    began_at=datetime(2019, 4, 1, 3, 0, tzinfo=BANGKOK),
    finished_at=datetime(2019, 4, 1, 3, 9, tzinfo=BANGKOK),
    rows=941_322,
    agencies=7_852,
    backups=(7, 4, 6),
)


def words_of(paper: RosterErasure, folder: Path) -> str:
    return " ".join(read(render_roster_erasure(paper), folder).split())


def test_its_words_are_read_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    words, place = words_of(ERASED, tmp_path), 0
    for line in ("๙๔๑,๓๒๒ แถว", "๗,๘๕๒ หน่วยงาน", "๓๑ มีนาคม ๒๕๖๒", "สำเนาสำรอง", "๗ วัน"):
        place = words.find(line, place)
        assert place >= 0, f"{line} is not in: {words}"
    assert "ตามที่กำหนดไว้" in words_of(replace(ERASED, by_rule=False), tmp_path)
    assert "ผู้ดูแลระบบเป็นผู้กำหนด" in words_of(replace(ERASED, backups=None), tmp_path)


def test_it_is_kept_for_good_on_one_page_with_its_data_inside() -> None:
    content = render_roster_erasure(ERASED)
    assert archive_faults(content) == [] and tag_faults(content) == []
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        told = json.loads(pdf.attachments[DATA_FILE].get_file().read_bytes())
    assert told["rows_erased"] == 941_322 and told["kept_until"] == "2019-03-31"
    assert content == render_roster_erasure(ERASED), "the same data gives the same bytes"
