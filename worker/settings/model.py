"""Settings: one TOML file, overridden by the environment, and validated as a whole before anything starts.

The environment variable of a key is `FORCESYNC_` and the key's path in upper case, its parts joined by `__`. A key with
`_file` appended, in the file or in the environment, names a file that holds the value:
`FORCESYNC_OKTA__MAIN__TOKEN_FILE=/run/secrets/okta`. A secret's file is read again when it changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from worker.settings.faults import Faults, SettingsError, explain, is_secret
from worker.settings.secret_files import PREFIX, EnvironmentWithFiles, from_files, merged
from worker.settings.tables import (
    BrokerSettings,
    OktaSettings,
    StoreSettings,
    TextsSettings,
    WebSettings,
    WorkerSettings,
)
from workflows.model import Autonomy, Policy
from workflows.values.wording import near_ones

LONGEST = 10 * 366 * 86400.0  # seconds that a setting may mean: more is a mistake, and no date is so far away


class Settings(BaseSettings):
    """All settings. `desks` holds each desk's own table; its `kind` names the product."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    okta: dict[str, OktaSettings] = Field(min_length=1)
    desks: dict[str, dict[str, Any]] = Field(min_length=1)
    store: StoreSettings = StoreSettings()
    broker: BrokerSettings = BrokerSettings()
    worker: WorkerSettings = WorkerSettings()
    web: WebSettings = WebSettings()
    texts: TextsSettings = TextsSettings()
    policy: Policy = Policy()
    _source: str = PrivateAttr("the settings")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the library passes all of them
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the library passes all of them
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the library passes all of them
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, which is passed in as the initial values."""
        return EnvironmentWithFiles(settings_cls), init_settings

    @field_validator("desks")
    @classmethod
    def _secrets(cls, desks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Wrap the secrets of the desks, whose tables only their connectors know."""
        return {
            desk: {
                key: SecretStr(value) if is_secret(key) and isinstance(value, str) else value
                for key, value in table.items()
            }
            for desk, table in desks.items()
        }

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if faults := list(self._faults()):
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        """Yield what does not fit together, each with its key."""
        for name, value in (*self.policy, *self.worker):
            if isinstance(value, float) and value > LONGEST:
                table = "policy" if name in Policy.model_fields else "worker"
                yield f"{table}.{name}: found {value:g}; allowed: at most {LONGEST:.0f} seconds, ten years"
        if strangers := sorted(self.worker.at_once.keys() - self.desks.keys()):
            desks = f"{near_ones(strangers[0], self.desks)}; the desks are: {', '.join(self.desks)}"
            yield f"worker.at_once: found {strangers[0]!r}{desks}"
        if self.org not in self.okta:
            orgs = f"{near_ones(self.org, self.okta)}; the orgs are: {', '.join(self.okta)}"
            yield f"policy.default_org: found {self.org!r}{orgs}"
            return
        driver = self.okta[self.org].force_sync.driver
        acting = {self.policy.default_autonomy, *self.policy.autonomy.values()} - {Autonomy.OBSERVE}
        if acting and driver == "none":
            modes = " and ".join(sorted(repr(mode.value) for mode in acting))
            yield f"okta.{self.org}.force_sync.driver: found 'none'; autonomy {modes} needs 'assisted' or 'reapply'"
        if Autonomy.AUTO in acting and not self.policy.scan and driver == "reapply":
            yield (
                "policy.scan: found false, with autonomy 'auto' and driver 'reapply'; allowed: true, because only the "
                "scan finds what a Force Sync would change: set policy.scan = true, or the autonomy to 'approve'"
            )
        if Autonomy.APPROVE in acting and not self.policy.approvers:
            yield (
                "policy.approvers: autonomy 'approve' needs somebody who may approve; found none, allowed: Okta logins "
                "and names of Okta groups"
            )

    @property
    def source(self) -> str:
        """Return the file that these settings come from, for messages."""
        return self._source

    @property
    def org(self) -> str:
        """Return the name of the org that tickets are about."""
        return self.policy.default_org or next(iter(self.okta))


Also = Callable[[Mapping[str, Any], str, float | None], Iterable[str]]


def _nothing_else(_desks: Mapping[str, Any], _source: str, _lease_for: float | None) -> Iterable[str]:
    return ()


def _lease_of(worker: object) -> float | None:
    """Return `worker.lease_for` of settings that have faults elsewhere; None if it is one itself."""
    own = {key: value for key, value in worker.items() if key == "lease_for"} if isinstance(worker, Mapping) else {}
    try:
        return WorkerSettings(**own).lease_for
    except ValidationError:
        return None


def load(path: Path, also: Also = _nothing_else) -> Settings:
    """Read and validate the settings, or raise `SettingsError` with every fault; `also` finds those of the desks."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no settings file {path}; name one with --config") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    folder, faults = path.absolute().parent, Faults(str(path))
    table, settings = from_files(table, folder, faults), None
    try:
        with faults.noting():
            settings = Settings(**table)
    except ValidationError as error:
        faults.add(explain(error, str(path), Settings, given=table))
    own = (*settings.store.faults_beside(table, folder), *settings.texts.faults_in(folder)) if settings else ()
    for text in own:
        faults.add(text)
    with faults.noting():
        given = merged(table, EnvironmentWithFiles(Settings)()) if settings is None else {}
        desks = settings.desks if settings else given.get("desks")
        lease_for = settings.worker.lease_for if settings else _lease_of(given.get("worker", {}))
        for text in also(desks if isinstance(desks, Mapping) else {}, str(path), lease_for):
            faults.add(text)
    faults.end()
    if settings is None:
        raise AssertionError("unreachable: without settings there is a fault")
    settings = settings.model_copy(
        update={"store": settings.store.inside(folder), "texts": settings.texts.inside(folder)}
    )
    settings._source = str(path)
    return settings
