"""A key on a token (PKCS#11), tried with SoftHSM: skipped with its reason where that is not installed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from pkcs11.util.x509 import decode_x509_certificate

from config import KeyToken
from reports.letters import render_circular
from reports.signature import NotSigned, SignatureFault, SignatureSettings, holder_of, signing
from reports.signing import LetterSigner
from tests.reports.sample import circular
from tests.reports.signing_keys import NOW, SIGNATORY, certificate, private_key
from tests.reports.test_signing import status_of

TOKEN, LABEL, PIN = "letters", "signatory", "271828"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/*/softhsm", "/usr/local/lib/softhsm")
FOUND = [path for place in _PLACES for path in Path("/").glob(f"{place[1:]}/libsofthsm2.so")]

pytestmark = [
    pytest.mark.skipif(not FOUND, reason="libsofthsm2 is not installed (Debian: softhsm2)"),
    pytest.mark.usefixtures("no_loop_here"),
]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyToken]:
    """A token with key and certificate of the signatory."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    pem = private_key(SIGNATORY).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        _util("--init-token", "--free", "--label", TOKEN, "--so-pin", PIN, "--pin", PIN)
        _util(
            "--import",
            str(folder / "key.pem"),
            "--token",
            TOKEN,
            "--label",
            LABEL,
            "--id",
            "A1",
            "--pin",
            PIN,
        )
        module = pkcs11.lib(str(FOUND[0]))
        with module.get_token(token_label=TOKEN).open(user_pin=PIN, rw=True) as session:
            held = decode_x509_certificate(certificate().public_bytes(serialization.Encoding.DER))
            session.create_object(
                held
                | {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.ID: b"\xa1"}
            )
        yield KeyToken(FOUND[0], TOKEN, LABEL, PIN)


def _util(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def test_a_key_that_never_leaves_its_token_signs(key: KeyToken) -> None:
    pdf = render_circular(circular())
    with LetterSigner(SignatureSettings(key), NOW) as signer:
        signed = [signer.sign(pdf) for _ in range(2)]
    assert all(one.startswith(pdf) for one in signed)
    assert status_of(signed[1]).intact and status_of(signed[1]).valid


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"pin": "314159"}, SignatureFault.WRONG_PIN),
        ({"token": "another"}, SignatureFault.NO_CARD),
        ({"label": "another"}, SignatureFault.NO_CARD),
        ({"module": Path("/nowhere/libsofthsm2.so")}, SignatureFault.NO_MODULE),
        ({"module": Path(__file__)}, SignatureFault.NO_MODULE),
    ],
)
def test_a_token_that_cannot_sign_is_told(
    key: KeyToken, wrong: dict[str, Any], fault: SignatureFault
) -> None:
    settings = SignatureSettings(KeyToken(**{**vars(key), **wrong}))
    with pytest.raises(NotSigned) as told:
        LetterSigner(settings, NOW)
    assert told.value.fault is fault, told.value
    assert PIN not in str(told.value)


def test_a_token_tells_whose_key_it_holds_without_its_pin(key: KeyToken) -> None:
    """Nothing is signed, so that a wrong PIN is not tried again with every page that shows it."""
    holder = holder_of(replace(key, pin="314159"))
    assert (holder.name, holder.signs) == (SIGNATORY, True)
    holder.require_usable(NOW)
    with pytest.raises(NotSigned) as told:
        holder_of(replace(key, label="another"))
    assert told.value.fault is SignatureFault.NO_CARD


def test_a_batch_is_signed_by_a_token_in_a_process_of_its_own(key: KeyToken) -> None:
    pdf = render_circular(circular())
    with signing(SignatureSettings(key), NOW) as sign:
        assert status_of(sign(pdf)).valid
