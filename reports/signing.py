"""Signatures on letters (PAdES) by pyHanko: the unsigned PDF stays as the first revision, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import Attribute, ObjectClass
from pyhanko.pdf_utils.content import ImportedPdfPage, RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, LayoutError, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, TokenCriteria, open_pkcs11_session
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle

from config import KeyFile, KeyToken
from reports.letter_data import SIGNATURE_FIELD
from reports.signature import KeyHolder, NotSigned, SignatureFault, SignatureSettings, opened

DIGEST = "sha256"
_USES = {"digital_signature", "non_repudiation"}
#: room for a signature and for a time stamp, each beside certificates; pyHanko would sign twice to find out
_ROOM, _ROOM_OF_TIME_STAMP = 4_000, 12_000


class LetterSigner:
    """Signs PDFs with one key, which is loaded once, as of one moment.

    Use it as a context: a token's session ends with it. Raises NotSigned where the key cannot be used.
    """

    def __init__(
        self, settings: SignatureSettings, at: datetime, *, time_stamper: TimeStamper | None = None
    ) -> None:
        self._settings, self._at = settings, at
        self._open = ExitStack()
        try:
            self._signer = self._loaded(settings.key)
            _holder(self._signer.signing_cert).require_usable(at)
        except BaseException:
            self._open.close()
            raise
        url = settings.time_stamp_url
        self._time_stamper = time_stamper or (HTTPTimeStamper(url, timeout=20) if url else None)
        self._stamp_file = self._kept(settings.stamp) if settings.stamp else ""

    def __enter__(self) -> LetterSigner:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._open.close()

    def sign(self, pdf: bytes) -> bytes:
        """The PDF with a signature added behind it. Raises NotSigned."""
        try:
            writer = _QuietWriter(BytesIO(pdf))
            signed = _AsOf(
                self._at,
                PdfSignatureMetadata(
                    field_name=SIGNATURE_FIELD,
                    md_algorithm=DIGEST,
                    subfilter=SigSeedSubFilter.PADES,
                    reason=self._settings.reason or None,
                    location=self._settings.location or None,
                ),
                self._signer,
                timestamper=self._time_stamper,
                stamp_style=self._stamp(),
                new_field_spec=SigFieldSpec(SIGNATURE_FIELD),  # unseen, where the letter has no field
            ).sign_pdf(writer, bytes_reserved=self._room())
        except TimestampRequestError as error:
            raise NotSigned(SignatureFault.NO_TIME_STAMP, str(error)) from error
        except (SigningError, PdfError, LayoutError, pkcs11.PKCS11Error, ValueError) as error:
            fault = SignatureFault.SIGNED_BEFORE if "filled" in str(error) else SignatureFault.FAILED
            raise NotSigned(fault, str(error)) from error
        content: bytes = signed.getvalue()
        return content

    def _loaded(self, key: KeyFile | KeyToken) -> Signer:
        return _from_file(key) if isinstance(key, KeyFile) else _on_token(key, self._open)

    def _kept(self, stamp: bytes) -> str:
        """The name of a file with the stamp: pyHanko reads it anew for every letter."""
        path = Path(self._open.enter_context(TemporaryDirectory(prefix="signing-"))) / "stamp.pdf"
        path.write_bytes(stamp)
        return str(path)

    def _stamp(self) -> StaticStampStyle:
        """What is seen in the field: pyHanko's own words are Latin, in a font that PDF/A forbids."""
        shown = ImportedPdfPage(self._stamp_file) if self._stamp_file else RawContent(b"")
        filled = SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(), InnerScaling.STRETCH_TO_FIT
        )
        return StaticStampStyle(border_width=0, background=shown, background_layout=filled)

    def _room(self) -> int:
        """How many hexadecimal digits the signature may take."""
        certificates = sum(len(one.dump()) for one in self._signer.cert_registry)
        own = self._signer.signing_cert
        total = _ROOM + certificates + (len(own.dump()) if own is not None else 0)
        return 2 * (total + (_ROOM_OF_TIME_STAMP if self._time_stamper else 0))


class _QuietWriter(IncrementalPdfFileWriter):
    """Leaves title, times and maker of the file as they are.

    pyHanko would write its own name differently into both places that must agree, and the description of a
    schema in a form that PDF/A does not know. The method is private to
    pyHanko: the version is locked and a test says so when it goes.
    """

    def _update_meta(self) -> None:
        pass


class _AsOf(PdfSigner):
    """A signer whose signatures tell the moment that it is given."""

    def __init__(self, at: datetime, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def _from_file(key: KeyFile) -> Signer:
    content, _certificate = opened(key)
    signer = SimpleSigner.load_pkcs12_data(content, [], key.passphrase.encode())
    if signer is None:
        raise NotSigned(SignatureFault.NO_KEY_FILE, str(key.path))
    return signer


def holder_on_token(key: KeyToken) -> KeyHolder:
    """Whose key it is, read from the token's certificate without its PIN. Raises NotSigned."""
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: key.label}
    with _token_faults(key), open_pkcs11_session(str(key.module), token_criteria=_criteria(key)) as session:
        found = next(iter(session.get_objects(wanted)), None)
        if found is None:
            raise NotSigned(SignatureFault.NO_CARD, key.label)
        return _holder(x509.Certificate.load(found[Attribute.VALUE]))


def _on_token(key: KeyToken, held: ExitStack) -> Signer:
    """The signer of a token, which is let go with ``held``. Raises NotSigned."""
    with _token_faults(key):
        session = open_pkcs11_session(str(key.module), token_criteria=_criteria(key), user_pin=key.pin)
        held.enter_context(session)
        signer = PKCS11Signer(session, cert_label=key.label, key_label=key.label)
        if signer.signing_cert is None:
            raise NotSigned(SignatureFault.NO_CARD, key.label)
        return signer


def _criteria(key: KeyToken) -> TokenCriteria:
    return TokenCriteria(label=key.token)


@contextmanager
def _token_faults(key: KeyToken) -> Iterator[None]:
    """What the module of a token says, in our words. Raises NotSigned."""
    try:
        pkcs11.lib(str(key.module))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise NotSigned(SignatureFault.NO_MODULE, str(key.module)) from error
    try:
        yield
    except pkcs11.exceptions.PinIncorrect as error:
        raise NotSigned(SignatureFault.WRONG_PIN) from error
    except (pkcs11.PKCS11Error, SigningError) as error:
        raise NotSigned(SignatureFault.NO_CARD, f"{type(error).__name__} {error}".strip()) from error


def _holder(certificate: Any) -> KeyHolder:
    uses = certificate.key_usage_value
    return KeyHolder(
        str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
        certificate.not_valid_before,
        certificate.not_valid_after,
        uses is None or bool(_USES & set(uses.native)),
    )
