"""The tables of the settings file, each a model of its own; `model` has them together, and what must fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from connectors.http.settings import HeaderSecret, NetworkSettings, Secret, Url, in_one_piece, matching, needed
from worker.settings.secret_files import PREFIX
from workflows.values.wording import near_ones

Language = Annotated[str, matching(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "a language's code, such as 'en' or 'de'")]
MOST_PORT = 65535
Credential = TypeVar("Credential", SecretStr | None, str)


class Section(BaseModel):
    """A table of the settings: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_PASSWORDS = frozenset({"password", "passwd", "pwd", "sslpassword"})


def _store_url(text: str) -> str:
    """Return a store's URL, or refuse it without quoting a password that may be in it."""
    if not text.isprintable():
        raise ValueError("allowed: a URL on one line, without control characters")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise ValueError(
            "not a URL; allowed: sqlite:///FILE or postgresql://USER@HOST:PORT/NAME, the port a number"
        ) from None
    if secrets := sorted(name for name in url.query if name.lower() in _PASSWORDS):
        raise ValueError(f"{secrets[0]} is set in it; allowed: no password in a URL, but store.password or its file")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError(
            "allowed: an SQLite file such as sqlite:///forcesync.sqlite3, or postgresql://USER@HOST:PORT/NAME"
        )
    return text


class StoreSettings(Section):
    """Where the cases are kept: an SQLAlchemy URL of an SQLite file or a PostgreSQL database."""

    url: Annotated[str, AfterValidator(_store_url)] = Field(
        default="sqlite:///forcesync.sqlite3", repr=False
    )  # it may hold a password, and a file's path may hold blanks
    password: Secret | None = None
    archive_after: float = Field(default=90.0, ge=0)
    forget_after: float = Field(default=180.0, ge=0)

    def inside(self, folder: Path) -> Self:
        """Return these settings with an SQLite file's relative path completed by a folder, so that it is one file."""
        url = make_url(self.url)
        if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
            return self
        whole = url.set(database=str(folder / str(url.database)))
        return self.model_copy(update={"url": whole.render_as_string(hide_password=False)})

    def faults_beside(self, table: Mapping[str, Any], folder: Path) -> Iterator[str]:
        """Yield that the environment names another store than the file's table does, or than the one beside the file.

        Only one of them knows which tickets were worked: with the other, every desk would stop.
        """
        given = table.get("store")
        stated = given.get("url") if isinstance(given, Mapping) else None
        try:
            own = StoreSettings(**({"url": stated} if isinstance(stated, str) else {})).inside(folder)
        except ValidationError as error:  # shows what it refuses, which may hold a password
            yield from (f"store.url: {item['msg'].partition(', ')[2]}" for item in error.errors(include_input=False))
            return
        here, there = (make_url(item.url).set(password=None) for item in (own, self.inside(folder)))
        if here != there and (stated or Path(str(here.database)).exists()):
            where = "in the settings file" if stated else "beside the settings file"
            yield (
                f"store.url: found {here} {where}, and {there} in {PREFIX}STORE__URL; allowed: one store, since no "
                "other knows its cases. Keep one of the two; to have the cases elsewhere, move the store's file there"
            )


class BrokerSettings(Section):
    """What carries wake-up calls: this process alone, or a server that many processes share."""

    kind: Literal["embedded", "redis", "rabbitmq"] = "embedded"
    url: SecretStr | None = Field(default=None, validate_default=True)

    @field_validator("url")
    @classmethod
    def _whole(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if given is not None:
            in_one_piece(given.get_secret_value())
        if (kind := info.data.get("kind", "embedded")) != "embedded":
            needed(given, "url", f"kind {kind!r} needs it")
        return given


class WorkerSettings(Section):
    """The process: threads, seconds of a lease, cases of a desk worked at once, seconds to stop, and logging.

    One that has been silent for `dead_after` seconds counts as dead.
    """

    threads: int = Field(default=16, ge=1, le=64)
    dead_after: float = Field(default=10.0, ge=2.0)
    lease_for: float = Field(default=180.0, gt=0)
    at_once: dict[str, int] = Field(default_factory=dict)
    stop_within: float = Field(default=30.0, gt=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"


def _address(text: str) -> str:
    """Return an address to listen at, a port alone with this machine's own host; or refuse it."""
    host, _, port = text.rpartition(":") if ":" in text else ("127.0.0.1", "", text)
    inner = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    whole = re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= MOST_PORT
    if text and not (whole and inner and (":" not in inner or inner != host)):
        raise ValueError("allowed: a port, such as '9464', for this machine alone; or a host and a port, '[HOST]:PORT'")
    return f"{host}:{port}" if text else ""


class WebSettings(Section):
    """Where health and metrics are served, without a sign-in: a port, for this machine alone, or a host and a port."""

    listen: Annotated[str, AfterValidator(_address)] = ""

    @property
    def address(self) -> tuple[str, int] | None:
        """Return the host and the port, if there are any."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.listen else None

    def behind(self, place: int) -> str:
        """Return where the process at a place among several listens: each has the next port; "" for none."""
        host, _, port = self.listen.rpartition(":")
        return f"{host}:{int(port) + place}" if self.listen else ""


class ForceSyncSettings(Section):
    """How Force Sync is run: by a person (`assisted`), or by an undocumented call with its own token (`reapply`)."""

    driver: Literal["none", "assisted", "reapply"] = "none"
    token: HeaderSecret | None = Field(default=None, validate_default=True)

    @field_validator("token")
    @classmethod
    def _with_driver(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("driver") == "reapply":
            needed(given, "token", "driver 'reapply' needs one of its own")
        return given


class TextsSettings(Section):
    """The public texts: a folder of your own, with a subfolder per language (`en/reminder.txt`), and the language."""

    folder: Path | None = None
    language: Language = "en"

    def inside(self, folder: Path) -> Self:
        """Return these settings with a relative path completed by a folder."""
        return self.model_copy(update={"folder": folder / self.folder}) if self.folder else self

    def faults_in(self, folder: Path) -> Iterator[str]:
        """Yield that there is no folder of texts where these settings, of a file in `folder`, name one."""
        if self.folder and not (folder / self.folder).is_dir():
            yield f"texts.folder: found {folder / self.folder}, which is not a folder"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = "a zone of the IANA database that this machine knows, such as 'Europe/Berlin'"
        raise ValueError(f"allowed: {zones}{near_ones(name, available_timezones())}") from None
    return name


class AudienceSettings(Section):
    """Who reads a desk's tickets: the product, the time zone, and the language of public texts (default: `texts`).

    A desk's other keys belong to its connector.
    """

    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    language: Language | None = None


READS = ("users", "groups", "apps", "profileMappings", "schemas", "userTypes", "logs", "agentPools", "orgs")


def _org_url(url: str) -> str:
    """Return an org's URL, or refuse it: with a path it is a page's, with `-admin` the Admin Console's."""
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("allowed: the org's address alone, https://example.okta.com, without a path")
    first, _, rest = (parts.hostname or "").partition(".")
    if first.endswith("-admin") and rest.startswith("okta"):
        raise ValueError(f"that is the Admin Console; allowed: the org's address, https://{first[:-6]}.{rest}")
    return url


class OktaSettings(NetworkSettings):
    """One Okta org: its URL, how it is read, and which app types are directories.

    `auth` is `ssws` with a read-only API token, or `oauth` with a service app: its client id and private key (PEM or
    JWK). `reserve` is what to leave of each rate limit for others: below 1 a share, from 1 a number of calls.
    `keep_for` is for how many seconds schemas, mappings and the like are kept before they are read again.
    """

    url: Annotated[Url, AfterValidator(_org_url)]
    auth: Literal["ssws", "oauth"] = "ssws"
    token: HeaderSecret | None = Field(default=None, validate_default=True)
    client_id: str = Field(default="", validate_default=True)
    key: SecretStr | None = Field(default=None, validate_default=True)
    key_id: str = ""
    scopes: tuple[str, ...] = tuple(f"okta.{area}.read" for area in READS)
    directory_types: tuple[str, ...] = ("active_directory", "ldap_sun_one")
    reserve: float = Field(default=0.5, ge=0)
    keep_for: float = Field(default=300.0, ge=0)
    force_sync: ForceSyncSettings = ForceSyncSettings()

    @field_validator("token", "client_id", "key")
    @classmethod
    def _complete(cls, given: Credential, info: ValidationInfo) -> Credential:
        if info.field_name in {"ssws": ("token",), "oauth": ("client_id", "key")}.get(info.data.get("auth", ""), ()):
            needed(given, info.field_name, f"auth {info.data['auth']!r} needs it")
        return given
