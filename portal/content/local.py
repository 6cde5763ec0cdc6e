"""The kinds and sizes of local administrative organisations, which migration 0042 has put in, by name.

For what comes with one scheme's content, its demonstration and its tests. Everything else treats kinds alike.
"""

from models.kinds import AgencyKind, AgencySize

PAO = AgencyKind("pao")
CITY = AgencyKind("city")
TOWN = AgencyKind("town")
SUBDISTRICT = AgencyKind("subdistrict")
SAO = AgencyKind("sao")
SPECIAL = AgencyKind("special")
S, M, L = (AgencySize(code) for code in "SML")
