"""The settings keys that every product has: how it is reached over the network."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connectors.http.governance import DEFAULT_NETWORK, Network, Timeouts


class NetworkSettings(BaseModel):
    """The part of a product's settings that says how it is reached; `largest_answer` is in MB.

    The environment's proxies, CA bundles and SSLKEYLOGFILE are never used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ca_bundle: str | None = None
    proxy: SecretStr | None = None
    largest_answer: float = Field(default=DEFAULT_NETWORK.largest_answer, ge=0.1, le=100)

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, given: SecretStr | None) -> SecretStr | None:
        """Refuse anything but the address of a proxy; what passes through it is TLS, so it may be plain HTTP itself."""
        if given is not None:
            parts = urlsplit(given.get_secret_value())
            if parts.scheme != "http" or not parts.hostname or parts.port is None or parts.path.strip("/"):
                raise ValueError("expected http://host:port, with user and password before the host if needed")
        return given

    def network(self, timeouts: Timeouts = DEFAULT_NETWORK.timeouts) -> Network:
        """Return how the product is reached."""
        return Network(timeouts, self.ca_bundle, self.proxy, self.largest_answer)
