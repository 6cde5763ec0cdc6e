"""Rules of 2561 written out once more, by hand from the letter, to hold the stored ones against."""

from __future__ import annotations

from decimal import Decimal

from models.minimum_sample import SampleBand

#: everyone up to 30; 30 up to 300; one in ten up to 4,000; else 400
BANDS_2561 = (
    SampleBand(upto=30, percent=Decimal(100)),
    SampleBand(upto=300, fixed=30),
    SampleBand(upto=4000, percent=Decimal(10)),
    SampleBand(upto=None, fixed=400),
)
