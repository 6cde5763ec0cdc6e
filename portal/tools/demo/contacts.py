"""Contacts of the demonstration: numbers, addresses and people that nobody has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.agency import Agency
from models.contact import AgencyContact, ProvinceContact
from models.onboarding import PeopleSetting
from models.place import Province

#: every so many agencies (provinces) none were entered yet
WITHOUT, PROVINCES_WITHOUT = 9, 20


def fill(session: Session, now: datetime) -> None:
    """Contacts of most agencies and of most provinces' offices, and whom everybody else calls."""
    rows = session.execute(select(Agency.id, Agency.province_id, Agency.full_name).order_by(Agency.id))
    contacts = [_contact(number, *row, now=now) for number, row in enumerate(rows) if number % WITHOUT]
    session.execute(insert(AgencyContact), contacts)
    ids = session.scalars(select(Province.id).order_by(Province.id))
    session.add_all(
        ProvinceContact(
            province_id=key,
            phone=f"0255501{number % 100:02}",
            email=f"local{number}@example.go.th",
            person="เจ้าหน้าที่สาธิต",
        )
        for number, key in enumerate(ids)
        if number % PROVINCES_WITHOUT != PROVINCES_WITHOUT - 1
    )
    session.add(PeopleSetting(help_name="กลุ่มงานสาธิต", help_phone="025550100"))
    session.flush()


def _contact(number: int, agency_id: int, province_id: int, name: str, *, now: datetime) -> dict[str, Any]:
    extension = f" ต่อ {number % 40 + 11}" if number % 3 == 0 else ""
    return {
        "agency_id": agency_id,
        "province_id": province_id,
        "phone": f"0255501{number % 100:02}{extension}",
        "email": f"saraban{number}@example.go.th",
        "website": f"https://a{number}.example.go.th" if number % 2 else "",
        "address": f"ที่ทำการ{name} ถนนทดลอง",
        "line": f"@demo{number}" if number % 4 == 1 else "",
        "person": "นักวิเคราะห์สาธิต" if number % 2 else "",
        "reviewed_at": now - timedelta(days=number % 200),
        "version": 1,
    }
