"""What a certificate of an agency's result is made from: plain frozen data that may be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.letter_data import Office


@dataclass(frozen=True)
class Certificate:
    """One agency's certificate. ``year``: the fiscal year, of an unusual scheme with its code.

    ``passes`` None: the round knows no pass mark; ``pass_mark``: the lowest total that passes.
    ``verify_url``: the address of its public page; without one it is a proof, and says so.
    ``signature_field``: the space for the signature holds an empty field for one.
    """

    office: Office
    number: str
    dated: date
    agency: str
    district: str
    province: str
    year: str
    total: Decimal
    grade: str
    passes: bool | None = None
    pass_mark: Decimal | None = None
    verify_url: str = ""
    signature_field: bool = False

    @property
    def place(self) -> str:
        """Where the agency lies."""
        where = f"อำเภอ{self.district} " if self.district else ""
        return f"{where}จังหวัด{self.province}"
