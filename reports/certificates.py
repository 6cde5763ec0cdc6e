"""The certificate of an agency's result: one upright A4 page. The same data gives the same bytes."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256

from markupsafe import Markup

from models.thai import MONTHS, NBSP, be_year, letter_digits
from reports.certificate_data import Certificate
from reports.press import the_press
from reports.qr import small_png
from reports.signing_place import signing_place
from reports.standards import DataFile, Standing
from reports.templating import paper_templates

DATA_FILE = "certificate.json"
#: names and lines that are longer are set smaller, so that they stay on one line
_LONG_NAME, _LONGER_NAME = 34, 48


_TEMPLATES = paper_templates()


def render_certificate(certificate: Certificate) -> bytes:
    """One certificate as PDF/A with its data inside."""
    press, office = the_press(), certificate.office
    with press.holding([small_png(certificate.verify_url)] if certificate.verify_url else []) as codes:
        html = _TEMPLATES.get_template("certificate.html").render(
            one=certificate,
            emblem=press.image(office.emblem),
            code="".join(codes),
            day=_day(certificate),
            size=_size(certificate.agency),
            address=_breakable(certificate.verify_url),
        )
        page = press.lay_out(html, office.typeface, sheet="certificate.css")
        place = signing_place(page) if certificate.signature_field else None
        author, data = str(letter_digits(office.name)), (data_file(certificate),)
        standing = Standing(author, certificate.dated, data, place)
        return press.bind([page], standing)


def data_file(certificate: Certificate) -> DataFile:
    """What a certificate was made from, as a file that goes into its PDF."""
    return DataFile(DATA_FILE, certificate_json(certificate), "ข้อมูลของหนังสือรับรอง (JSON)")


def certificate_json(certificate: Certificate) -> bytes:
    """The fields of a certificate; the emblem is told by its digest."""
    office = certificate.office
    told = {
        "kind": "certificate_of_result",
        "number": certificate.number,
        "dated": certificate.dated.isoformat(),
        "office": office.name,
        "emblem": f"sha256:{sha256(office.emblem).hexdigest()}" if office.emblem else None,
        "signatory": {"name": office.signatory_name, "position": list(office.signatory_position)},
        "agency": certificate.agency,
        "district": certificate.district,
        "province": certificate.province,
        "fiscal_year": certificate.year,
        "total": _figure(certificate.total),
        "grade": certificate.grade,
        "passes": certificate.passes,
        "pass_mark": _figure(certificate.pass_mark),
        "verify_url": certificate.verify_url,
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _figure(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:.2f}"


def _day(certificate: Certificate) -> str:
    """A day as a certificate says it: "9 พฤศจิกายน พ.ศ. 2561"."""
    day = certificate.dated
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]} พ.ศ.{NBSP}{be_year(day)}"


def _size(name: str) -> Markup:
    if len(name) > _LONGER_NAME:
        return Markup(" longer")
    return Markup(" long") if len(name) > _LONG_NAME else Markup("")


def _breakable(url: str) -> Markup:
    """The address with places where a line may end, after its slashes."""
    return Markup("/<wbr>").join(Markup.escape(part) for part in url.split("/"))
