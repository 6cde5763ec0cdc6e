"""The register of a drill: the real one where it is at hand, else as large a one of made-up agencies."""

from __future__ import annotations

import csv
import io
from itertools import cycle

from config import Settings
from portal.register.places import FOLDER

REGISTRY = "agencies-2560.csv"
MADE_UP = "made-up-agencies.csv"
#: agencies of the real register
WHOLE = 7_852
#: the province with the fewest agencies
SMALL_PROVINCE = "83"
#: every so many of the made-up ones has no code yet
WITHOUT_CODE = 10


def registry_file(settings: Settings) -> tuple[bytes, str]:
    """The real register where REFERENCE_DIR has it, else a made-up one of its size; content and name."""
    real = settings.reference_dir / REGISTRY if settings.reference_dir else None
    if real is not None and real.exists():
        return real.read_bytes(), real.name
    return made_up(WHOLE), MADE_UP


def small_register(province: str = SMALL_PROVINCE) -> tuple[bytes, str]:
    """The agencies of one province in the demonstration's register."""
    head, *rows = _demonstration()
    place = head.index("province_code")
    return _file([head, *(row for row in rows if row[place] == province)]), "agencies.csv"


def made_up(agencies: int) -> bytes:
    """The demonstration's register, and made-up subdistricts of its districts until there are so many."""
    head, *rows = _demonstration()
    column = {name: number for number, name in enumerate(head)}
    taken = {row[column["lao_code8"]] for row in rows}
    places = {row[column["district_code"]]: row for row in rows}
    for number, (district, like) in zip(range(agencies - len(rows)), cycle(places.items()), strict=False):
        code = "" if number % WITHOUT_CODE == 0 else _free(district, taken)
        name = f"สมมุติ {number + 1}"
        kind = "องค์การบริหารส่วนตำบล"
        own = {
            "lao_code8": code,
            "type": "TAO",
            "type_th": kind,
            "name_th": name,
            "full_name_th": f"{kind}{name}",
            "size": "S",
        }
        rows.append([own.get(field, like[column[field]]) for field in head])
    return _file([head, *rows])


def _free(district: str, taken: set[str]) -> str:
    """A code that no agency of the district has, or none."""
    codes = (f"06{district}{number:02d}" for number in range(99, 0, -1))
    code = next((code for code in codes if code not in taken), "")
    taken.add(code)
    return code


def _demonstration() -> list[list[str]]:
    with (FOLDER / "agencies.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _file(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
