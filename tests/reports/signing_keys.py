"""Keys and certificates to sign with, made for a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

NOW = datetime(2018, 11, 9, 3, tzinfo=UTC)
DAY = timedelta(days=1)
SIGNATORY = "นายสมมติ ตัวอย่าง"
PASSPHRASE = "วลีผ่าน 1"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key of its own for each name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    name: str = SIGNATORY,
    *,
    begins: datetime = NOW - DAY,
    ends: datetime = NOW + 365 * DAY,
    signs: bool = True,
    stamps_time: bool = False,
) -> x509.Certificate:
    """A certificate of the root's, for signatures or for something else."""
    uses = dict.fromkeys(("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False)
    made = _builder(name, begins, ends).add_extension(
        x509.KeyUsage(
            digital_signature=signs,
            content_commitment=signs,
            key_encipherment=not signs,
            encipher_only=False,
            decipher_only=False,
            **uses,
        ),
        critical=True,
    )
    if stamps_time:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(private_key("root"), hashes.SHA256())


def root() -> x509.Certificate:
    """Whom everybody here trusts."""
    made = _builder("root", NOW - 10 * DAY, NOW + 3650 * DAY)
    return made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        private_key("root"), hashes.SHA256()
    )


def _builder(name: str, begins: datetime, ends: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")]))
        .public_key(private_key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def key_file(own: x509.Certificate | None = None, passphrase: str = PASSPHRASE) -> bytes:
    """A PKCS#12 file with key, certificate and the certificate above it."""
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    key = private_key(SIGNATORY)
    return pkcs12.serialize_key_and_certificates(
        b"signatory", key, own or certificate(), [root()], encryption
    )


def as_asn1(one: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as pyHanko takes it."""
    return asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))


def time_stamper() -> DummyTimeStamper:
    """pyHanko's own service of time stamps, which asks nobody."""
    held = private_key("time").private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        as_asn1(certificate("time", stamps_time=True)),
        asn1_keys.PrivateKeyInfo.load(held),
        fixed_dt=NOW,
    )
