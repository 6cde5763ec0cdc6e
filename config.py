"""Settings of one process, read from the environment once, at start.

No setting has a secret as its default outside demonstration mode: there the secrets are made at the
first start and kept in the instance folder.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

ROOT = Path(__file__).resolve().parent
#: hosts that only this machine reaches
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: of a token by which another machine may ask for figures
SHORTEST_TOKEN = 20
#: of the key that signs cookies: what a generator of random texts gives for 128 bits and more
SHORTEST_SECRET = 32


#: whose letters a key signs: an office of the country, or a province by its code
_KEY_OF = re.compile(r"SIGNING_KEY_(NACC|DLA|PROVINCE_\d\d)")
_AS_WRITTEN = "SIGNING_KEY_... on a token is written as pkcs11:token=...;object=...?module-path=/..."


class ConfigurationError(Exception):
    """A setting is missing or cannot be used; the text says which and what to set."""


@dataclass(frozen=True)
class KeyFile:
    """A signing key with its certificates in a PKCS#12 file."""

    path: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class KeyToken:
    """A signing key on a token, by its PKCS#11 module, the token's label and that of key and certificate."""

    module: Path
    token: str
    label: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class Backups:
    """How backups are made: where they go, to whose key they are sealed, and how many stay.

    ``folder`` None: none are made. ``public_key`` is what ``run.py backup-key`` printed. ``also`` are folders
    of files beside the database. ``pgbackrest`` are the words that call pgBackRest with its stanza: it backs
    PostgreSQL up instead of pg_dump. ``pg_bin`` is where PostgreSQL's tools are, where not on the path.
    """

    folder: Path | None = None
    public_key: str = ""
    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    also: tuple[Path, ...] = ()
    pgbackrest: str = ""
    pg_bin: Path | None = None


@dataclass(frozen=True)
class Settings:
    """Everything the application needs to know about where it runs.

    ``database_url`` is the application's role; ``database_owner_url`` the role that runs migrations
    (the same on SQLite). ``key_dir`` holds the keys of the ballot boxes and of the encrypted fields and
    never lies inside the database or its backups. ``slip_dir`` holds sealed slips for a day at most, outside
    of both. ``proxies`` is how many proxies stand in front and set the forwarded address and scheme; 0
    believes no such header. ``mail_url`` is the server that takes mail, "" where there is none: then nothing
    is offered that needs it. ``signing_keys`` are the keys that offices sign letters with, by NACC, DLA or
    PROVINCE_ and its code; what opens them is in the environment alone. ``time_stamp_url`` is a service that
    confirms when a letter was signed. ``anchor_dir`` takes the record's signed anchors, which belong on
    another machine. ``metrics_port`` is where this machine's monitoring asks for figures, 0 where it does
    not; beyond loopback (``metrics_host``) it brings ``metrics_token``. ``metrics_dir`` is where the web
    server's processes count.
    """

    instance_dir: Path
    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    key_dir: Path
    secret_key: str = field(repr=False)
    demo: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    reference_dir: Path | None = None
    workers: int = 2
    testing: bool = False
    https: bool = False
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    slip_dir: Path | None = None
    signing_keys: Mapping[str, KeyFile | KeyToken] = field(default_factory=dict)
    time_stamp_url: str = ""
    backups: Backups = field(default_factory=Backups)
    anchor_dir: Path | None = None
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"
    metrics_token: str = field(default="", repr=False)
    metrics_dir: Path | None = None

    @property
    def counts_dir(self) -> Path:
        """The folder in which the web server's processes count."""
        return self.metrics_dir or self.instance_dir / "metrics"

    @property
    def anchors(self) -> Path:
        """The folder of the record's anchors."""
        return self.anchor_dir or self.instance_dir / "anchors"

    @property
    def strongbox(self) -> Path:
        """The folder of sealed slips."""
        return self.slip_dir or self.instance_dir / "slips"

    @property
    def address(self) -> str:
        """The host as a number, which the web server wants."""
        return "127.0.0.1" if self.host == "localhost" else self.host

    @property
    def sqlite(self) -> bool:
        """True when the embedded database is used."""
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises ConfigurationError where production (``DEMO=0``) lacks ``SECRET_KEY``, demonstration mode would
    listen beyond loopback, a number is none, mail has a server and no sender, or a key cannot be meant.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("INSTANCE_DIR", ROOT / "instance")).resolve()
    demo = env.get("DEMO", "1") != "0"
    host = env.get("HOST", "127.0.0.1")
    port = _number(env, "PORT", 8000)
    if demo and host not in LOOPBACK:
        raise ConfigurationError("Demonstration mode listens on loopback only: unset HOST or set DEMO=0")
    url = _database_url("DATABASE_URL", env) or f"sqlite:///{instance / 'portal.db'}"
    reference, slips, anchors = (env.get(name) for name in ("REFERENCE_DIR", "SLIP_DIR", "ANCHOR_DIR"))
    return Settings(
        instance_dir=instance,
        database_url=url,
        database_owner_url=_database_url("DATABASE_OWNER_URL", env) or url,
        key_dir=Path(env.get("KEY_DIR", instance / "keys")).resolve(),
        secret_key=_secret(env, instance, demo=demo),
        demo=demo,
        host=host,
        port=port,
        public_url=env.get("PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        reference_dir=Path(reference) if reference else None,
        workers=_number(env, "WEB_WORKERS", 2),
        testing=env.get("TESTING") == "1",
        https=env.get("PUBLIC_URL", "").startswith("https://"),
        trusted_hosts=_trusted_hosts(env, demo=demo),
        proxies=0 if demo else _number(env, "TRUSTED_PROXIES", 0),
        **_mail(env),
        slip_dir=Path(slips).resolve() if slips else None,
        signing_keys=_signing_keys(env),
        time_stamp_url=_time_stamp_url(env.get("TIME_STAMP_URL", "")),
        backups=_backups(env),
        anchor_dir=Path(anchors).resolve() if anchors else None,
        **_metrics(env, port),
    )


def _metrics(env: Mapping[str, str], port: int) -> dict[str, Any]:
    """Where figures are asked for. Raises ConfigurationError for the portal's own port, or a word too few."""
    given, host = _number(env, "METRICS_PORT", 0), env.get("METRICS_HOST", "127.0.0.1")
    token, folder = env.get("METRICS_TOKEN", ""), env.get("METRICS_DIR")
    if given and given == port:
        raise ConfigurationError("METRICS_PORT is a port of its own: figures leave by no door")
    if given and host not in LOOPBACK and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError("Set METRICS_TOKEN to 20 characters or more, or unset METRICS_HOST")
    return {
        "metrics_port": given,
        "metrics_host": "127.0.0.1" if host == "localhost" else host,
        "metrics_token": token,
        "metrics_dir": Path(folder).resolve() if folder else None,
    }


def _number(env: Mapping[str, str], name: str, otherwise: int) -> int:
    given = env.get(name) or str(otherwise)
    if not (given.isascii() and given.isdigit()):
        # not what stands there: it may be meant for another name
        raise ConfigurationError(f"{name} is a whole number")
    return int(given)


def _backups(env: Mapping[str, str]) -> Backups:
    """Raises ConfigurationError where no backup would stay, or a key is none."""
    folder, tools, key = env.get("BACKUP_DIR"), env.get("PG_BIN"), env.get("BACKUP_KEY", "")
    if key and not re.fullmatch("[0-9a-f]{64}", key):
        raise ConfigurationError("BACKUP_KEY is the public key that 'run.py backup-key' printed")
    daily = _number(env, "BACKUP_DAILY", Backups.daily)
    if daily == 0:
        raise ConfigurationError("BACKUP_DAILY is at least 1: the backup of the day stays")
    return Backups(
        folder=Path(folder).resolve() if folder else None,
        public_key=key,
        daily=daily,
        weekly=_number(env, "BACKUP_WEEKLY", Backups.weekly),
        monthly=_number(env, "BACKUP_MONTHLY", Backups.monthly),
        also=tuple(Path(one).resolve() for one in env.get("BACKUP_FILES", "").split(os.pathsep) if one),
        pgbackrest=env.get("PGBACKREST", ""),
        pg_bin=Path(tools).resolve() if tools else None,
    )


def _mail(env: Mapping[str, str]) -> dict[str, Any]:
    """The server that takes mail, as smtp:// (with STARTTLS) or smtps://, and who sends."""
    url, sender = env.get("MAIL_URL", ""), env.get("MAIL_FROM", "")
    if not url:
        return {}
    parts = sound("MAIL_URL", url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigurationError("MAIL_URL is written as smtp://user:password@host:587 or smtps://...:465")
    if "@" not in sender:
        raise ConfigurationError("Set MAIL_FROM to the address that mail is sent from")
    return {"mail_url": url, "mail_from": sender}


def _signing_keys(env: Mapping[str, str]) -> dict[str, KeyFile | KeyToken]:
    """SIGNING_KEY_DLA and its like: a PKCS#12 file or a token; SIGNING_PASSPHRASE_DLA opens it."""
    keys: dict[str, KeyFile | KeyToken] = {}
    for name in env:
        if not name.startswith("SIGNING_KEY_") or not env[name]:
            continue
        if (office := _KEY_OF.fullmatch(name)) is None:
            raise ConfigurationError(f"{name}: a key is of NACC, DLA or PROVINCE_ and its code of two digits")
        opens = env.get(f"SIGNING_PASSPHRASE_{office[1]}", "")
        given = env[name]
        keys[office[1]] = _token(given, opens) if given.startswith("pkcs11:") else _key_file(given, opens)
    return keys


def _key_file(path: str, passphrase: str) -> KeyFile:
    return KeyFile(Path(path).resolve(), passphrase)


def _token(uri: str, pin: str) -> KeyToken:
    """A key on a token by its address (RFC 7512), as p11tool prints it. Raises ConfigurationError."""
    pairs = (part.partition("=") for part in re.split("[;?&]", uri.removeprefix("pkcs11:")))
    parts = {name: unquote(value) for name, _equals, value in pairs}
    if "pin-value" in parts or "pin-source" in parts:
        raise ConfigurationError("The PIN of a token stands in SIGNING_PASSPHRASE_..., not in its address")
    module, token, label = (parts.get(name, "") for name in ("module-path", "token", "object"))
    if not (module.startswith("/") and token and label):
        raise ConfigurationError(_AS_WRITTEN)
    return KeyToken(Path(module), token, label, pin)


def _time_stamp_url(url: str) -> str:
    """Raises ConfigurationError for what is no address of a service."""
    parts = sound("TIME_STAMP_URL", url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ConfigurationError("TIME_STAMP_URL is the address of a service (RFC 3161): https://...")
    return url


def _trusted_hosts(env: Mapping[str, str], *, demo: bool) -> tuple[str, ...]:
    """Names the portal answers to; the demonstration answers on loopback only."""
    if demo:
        return ("127.0.0.1", "localhost", "[::1]", "::1")
    given = [name.strip() for name in env.get("TRUSTED_HOSTS", "").split(",") if name.strip()]
    return tuple(given) or (urlsplit(env.get("PUBLIC_URL", "")).hostname or "127.0.0.1",)


def sound(name: str, url: str) -> SplitResult:
    """The parts of an address that may hold a password.

    Raises ConfigurationError, which does not repeat it, where a sign of a password was not written as %..:
    libraries take what stands behind it for a host or a port, and name that in their errors.
    """
    try:
        parts = urlsplit(url)
        beyond = parts.path + parts.query + parts.fragment
        clear = parts.netloc.count("@") <= 1 and "@" not in beyond and (parts.port or 1) > 0
    except ValueError:
        clear = False
    if not clear:
        raise ConfigurationError(
            f"{name} cannot be read: in its password write @ as %40, / as %2F, # as %23, ? as %3F, [ as %5B"
        ) from None
    return parts


def _database_url(name: str, env: Mapping[str, str]) -> str:
    """Accept the plain ``postgresql://`` spelling; the driver is always psycopg 3.

    Raises ConfigurationError.
    """
    url = env.get(name, "")
    if not url.startswith("sqlite"):
        sound(name, url)
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url[len(plain) :]
    return url


def _secret(env: Mapping[str, str], instance: Path, *, demo: bool) -> str:
    """The key that signs cookies. Raises ConfigurationError where a real installation's could be guessed."""
    given = env.get("SECRET_KEY", "")
    if given and not demo and len(given) < SHORTEST_SECRET:
        raise ConfigurationError(f"Set SECRET_KEY to {SHORTEST_SECRET} random characters or more")
    return given or _demo_secret(instance, demo=demo)


def _demo_secret(instance: Path, *, demo: bool) -> str:
    """The demonstration's cookie key: random, made once, readable by its owner only."""
    if not demo:
        raise ConfigurationError("Set SECRET_KEY to a long random text (DEMO=0 has no default)")
    file = instance / "secret_key"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
