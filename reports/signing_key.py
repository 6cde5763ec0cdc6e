"""Where a signing key is and what opens it: plain data, read from the settings of the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class KeyFile:
    """A key with its certificates in a PKCS#12 file."""

    path: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class KeyToken:
    """A key on a token, by its PKCS#11 module, the token's label and the label of key and certificate."""

    module: Path
    token: str
    label: str
    pin: str = field(repr=False)
