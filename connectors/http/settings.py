"""The settings keys that every product has, how it is reached; and checks of values, with messages for people."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ErrorType

from connectors.http.file_secret import Fault, FileSecret
from connectors.http.governance import DEFAULT_NETWORK, Network, Timeouts, origin
from workflows.errors import Misconfigured


def matching(pattern: str, words: str) -> AfterValidator:
    """Return the check that a text has a form as a whole; `words` say to people what is allowed."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(f"allowed: {words}")
        return text

    return AfterValidator(check)


Filled = Annotated[str, matching(r"(?s).*\S.*", "a text that is not empty")]


def read_apart(field: str | None, others: Mapping[str, str | None]) -> None:
    """Refuse that a part of a form is read from the field of another part; `others` are theirs by their keys."""
    if field and (same := [key for key, other in others.items() if other == field]):
        raise ValueError(f"which is {same[0]} as well; allowed: a field of its own for each")


def whole(given: Any, handler: ValidatorFunctionWrapHandler, faults: Iterable[str]) -> Any:
    """Return what `handler` makes of a table, or raise its faults together with `faults`, of what does not fit."""
    own = "\n".join(faults)
    errors: list[Any] = []
    try:
        found = handler(given)
    except ValidationError as error:
        errors += map(_known, error.errors(include_url=False))
    if own:
        errors.append({"type": "value_error", "loc": (), "input": given, "ctx": {"error": ValueError(own)}})
    if errors:
        raise ValidationError.from_exception_data("settings", errors, hide_input=True)
    return found


def _known(error: Mapping[str, Any]) -> Any:
    """Return a fault in the form in which it can be raised again; pydantic itself does not know all of its kinds."""
    if error["type"] in KINDS:
        return error
    kind = PydanticCustomError(error["type"], "{said}", {"said": error["msg"]})
    return {"type": kind, "loc": error["loc"], "input": error["input"]}


def of(table: object, key: str, default: object = None) -> Any:
    """Return what a table holds, whether it was read already or not."""
    return table.get(key, default) if isinstance(table, Mapping) else getattr(table, key, default)


def needed(given: SecretStr | str | None, key: str, why: str) -> None:
    """Refuse that a key is empty; a file may hold what is a secret."""
    if not given:
        file = "" if isinstance(given, str) else f", or {key}_file, the path of a file that holds it"
        raise ValueError(f"{why}; set it{file}")


def in_one_piece(url: str) -> str:
    """Refuse blanks, line breaks and control characters in a URL, which parsers drop or take for the host."""
    if " " in url or not url.isprintable():
        raise ValueError("allowed: a URL in one piece, without blanks, line breaks and control characters")
    return url


LATIN_1 = 0xFF  # its last letter
# Line breaks and other control characters, halves of a character, and the mark that begins a text file on Windows.
KINDS = frozenset(get_args(ErrorType))
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def _lines(text: str) -> str:
    if _UNSEEN.search(text):
        return "found a line break or another control character; allowed: the secret alone, on one line"
    return ""


def _unsendable(text: str) -> str:
    """Say why a text is no token or API key, which are in one piece, or cannot be sent in a header.

    https://www.rfc-editor.org/rfc/rfc6750#section-2.1, https://www.rfc-editor.org/rfc/rfc9110#name-field-values
    """
    if found := _lines(text):
        return found
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        return "found a blank; allowed: the secret alone; remove blanks, and a word before it such as Bearer or SSWS"
    if any(ord(letter) > LATIN_1 for letter in text):
        return "found a letter that no header can hold; allowed: the secret alone, in letters of Latin-1"
    return ""


def _checked(given: SecretStr, fault: Fault) -> SecretStr:
    """Check a secret, and whatever its file contains later, too."""
    if found := fault(given.get_secret_value()):
        raise ValueError(found)
    if isinstance(given, FileSecret):
        given.must_pass(fault)
    return given


def in_a_header(given: SecretStr) -> SecretStr:
    """Refuse what is no token or API key."""
    return _checked(given, _unsendable)


def _on_one_line(given: SecretStr) -> SecretStr:
    return _checked(given, _lines)


Secret = Annotated[SecretStr, AfterValidator(_on_one_line)]  # a password: encoded before it is sent, so any letter does
HeaderSecret = Annotated[SecretStr, AfterValidator(in_a_header)]  # a token or API key: sent as it is


def address(url: str) -> str:
    """Return a URL in the one form in which two of the same product are equal; its path, if it has one, counts."""
    scheme, host, port = origin("", url)
    return f"{scheme}://{host}:{port}{urlsplit(url).path.rstrip('/')}"


def _address(url: str) -> str:
    try:
        origin("", in_one_piece(url))
    except Misconfigured:
        raise ValueError(
            "allowed: https://HOST, without a user name in it; http for an address of this machine alone"
        ) from None
    return url


Url = Annotated[str, AfterValidator(_address)]


class NetworkSettings(BaseModel):
    """The part of a product's settings that says how it is reached; `largest_answer` is in MB.

    The environment's proxies, CA bundles and SSLKEYLOGFILE are never used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    ca_bundle: str | None = None
    proxy: Secret | None = None
    largest_answer: float = Field(default=DEFAULT_NETWORK.largest_answer, ge=0.1, le=100)

    @field_validator("ca_bundle")
    @classmethod
    def _is_trusted(cls, given: str | None) -> str | None:
        """Refuse a file that holds no certificates; a folder of them is taken as it is."""
        if given and not Path(given).is_dir():
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(given)
            except OSError as error:  # of TLS, too
                why = "it holds none" if isinstance(error, ssl.SSLError) else error.strerror
                raise ValueError(f"allowed: a file of CA certificates in PEM, or a folder of them ({why})") from None
        return given

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, given: SecretStr | None) -> SecretStr | None:
        """Refuse anything but the address of a proxy; what passes through it is TLS, so it may be plain HTTP itself."""
        if given is not None:
            parts = urlsplit(in_one_piece(given.get_secret_value()))
            if parts.scheme != "http" or not parts.hostname or parts.port is None or parts.path.strip("/"):
                raise ValueError("allowed: http://HOST:PORT, with user and password before the host if needed")
        return given

    def network(self, timeouts: Timeouts = DEFAULT_NETWORK.timeouts) -> Network:
        """Return how the product is reached."""
        return Network(timeouts, self.ca_bundle, self.proxy, self.largest_answer)
