"""Settings: one TOML file, overridden by the environment, and validated as a whole before anything starts.

The environment variable of a key is `FORCESYNC_` and the key's path in upper case, its parts joined by `__`. A key with
`_file` appended, in the file or in the environment, names a file that holds the value:
`FORCESYNC_OKTA__MAIN__TOKEN_FILE=/run/secrets/okta`. A secret's file is read again when it changes.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from connectors.http.settings import of, whole
from worker.settings.faults import Faults, SettingsError, explain, is_secret
from worker.settings.secret_files import PREFIX, EnvironmentWithFiles, from_files, key_of, merged
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

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(cls, given: Any, handler: ModelWrapValidatorHandler[Settings]) -> Any:
        return whole(given, handler, _faults_between(given))

    @property
    def source(self) -> str:
        """Return the file that these settings come from, for messages."""
        return self._source

    @property
    def org(self) -> str:
        """Return the name of the org that tickets are about."""
        return self.policy.default_org or next(iter(self.okta))


def _faults_between(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield what does not fit together in tables of which parts may be at fault, each with its key."""
    for table, model in (("policy", Policy), ("worker", WorkerSettings)):
        for name in model.model_fields:
            value = _right(model, tables.get(table), name)
            if isinstance(value, float) and value > LONGEST:
                yield f"{table}.{name}: found {value:g}; allowed: at most {LONGEST:.0f} seconds, ten years"
    okta, desks, policy = (tables.get(name) for name in ("okta", "desks", "policy"))
    limited = _right(WorkerSettings, tables.get("worker"), "at_once") or {}
    if isinstance(desks, Mapping) and (strangers := sorted(limited.keys() - desks.keys())):
        allowed = f"{near_ones(strangers[0], desks)}; the desks are: {', '.join(desks)}"
        yield f"worker.at_once: found {strangers[0]!r}{allowed}"
    acting = {_right(Policy, policy, "default_autonomy"), *(_right(Policy, policy, "autonomy") or {}).values()}
    acting &= {Autonomy.APPROVE, Autonomy.AUTO}
    if Autonomy.APPROVE in acting and _right(Policy, policy, "approvers") == frozenset():
        yield (
            "policy.approvers: autonomy 'approve' needs somebody who may approve; found none, allowed: Okta logins and "
            "names of Okta groups"
        )
    if not isinstance(okta, Mapping) or not okta or (org := _right(Policy, policy, "default_org")) is None:
        return
    org = org or next(iter(okta))
    if org not in okta:
        yield f"policy.default_org: found {org!r}{near_ones(org, okta)}; the orgs are: {', '.join(okta)}"
    elif isinstance(okta[org], Mapping | BaseModel):
        driver = of(of(okta[org], "force_sync", {}), "driver", "none")
        if acting and driver == "none":
            modes = " and ".join(sorted(repr(mode.value) for mode in acting))
            yield f"okta.{org}.force_sync.driver: found 'none'; autonomy {modes} needs 'assisted' or 'reapply'"
        if Autonomy.AUTO in acting and driver == "reapply" and _right(Policy, policy, "scan") is False:
            yield (
                "policy.scan: found false, with autonomy 'auto' and driver 'reapply'; allowed: true, because only the "
                "scan finds what a Force Sync would change: set policy.scan = true, or the autonomy to 'approve'"
            )


def _right(model: type[BaseModel], table: object, name: str) -> Any:
    """Return the value of a key in a table, or its default; None if it is at fault."""
    own = {name: value} if (value := of(table, name)) is not None else {}
    try:
        return getattr(model(**own), name)
    except ValidationError:
        return None


Also = Callable[[Mapping[str, Any], str, float | None], Iterable[str]]


def _nothing_else(_desks: Mapping[str, Any], _source: str, _lease_for: float | None) -> Iterable[str]:
    return ()


def _faults_of_files(tables: Mapping[str, Any], file: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield the faults of the paths that the settings name."""
    if url := _right(StoreSettings, tables.get("store"), "url"):
        yield from StoreSettings(url=url).faults_beside(file, folder)
    yield from TextsSettings(folder=_right(TextsSettings, tables.get("texts"), "folder")).faults_in(folder)


def _faults_of_desks(tables: Mapping[str, Any], also: Also, source: str) -> Iterable[str]:
    desks, lease_for = tables.get("desks"), _right(WorkerSettings, tables.get("worker"), "lease_for")
    return also(desks if isinstance(desks, Mapping) else {}, source, lease_for)


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
    variables = {key_of(name): name for name in os.environ if name.upper().startswith(PREFIX)}
    folder, faults = path.absolute().parent, Faults(str(path), variables)
    table, settings = from_files(table, folder, faults), None
    try:
        with faults.noting():
            settings = Settings(**table)
    except ValidationError as error:
        faults.add(explain(error, str(path), Settings, given=table))
    with faults.noting():
        tables = dict(settings) if settings else merged(table, EnvironmentWithFiles(Settings)())
        for text in (*_faults_of_files(tables, table, folder), *_faults_of_desks(tables, also, str(path))):
            faults.add(text)
    faults.end()
    if settings is None:
        raise AssertionError("unreachable: without settings there is a fault")
    settings = settings.model_copy(
        update={"store": settings.store.inside(folder), "texts": settings.texts.inside(folder)}
    )
    settings._source = str(path)
    return settings
