"""The `jira` library, made without a call and with our session in the place of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import requests
from jira import JIRA
from jira.exceptions import JIRAError
from jira.resilientsession import ResilientSession

from connectors.http import BasicCredential, Credential, HeaderCredential
from connectors.jira.settings import JiraSettings


class _LibrarySession:
    """What the library takes for its session: ours, without its retries, and with every answer understood by us."""

    def __init__(self, session: requests.Session, understand: Callable[[requests.Response], object]) -> None:
        self._session = session
        self._understand = understand

    def post(self, url: str, data: Any = None, **kwargs: Any) -> requests.Response:
        """Send a POST and refuse what is not a list of objects before the library sees it, which trusts in one."""
        kwargs.pop("_prepare_retry_class", None)  # means something to the library's own retries only
        response = self._session.post(url, data=data, **kwargs)
        self._understand(response)
        body = response.json() if response.content else None
        if not isinstance(body, list) or not all(isinstance(item, Mapping) for item in body):
            raise JIRAError("the answer is not a list of objects")
        return response

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def credential(settings: JiraSettings) -> Credential:
    """Return what signs the requests; the library would keep the token, and a new one would need a restart."""
    if settings.sends_bearer:
        return HeaderCredential(settings.token, "Bearer {}")
    return BasicCredential(settings.email, settings.token)


def library(
    settings: JiraSettings, session: requests.Session, understand: Callable[[requests.Response], object]
) -> JIRA:
    """Make the library's client without a call, and put our session in the place of its own."""
    made = JIRA(
        server=settings.url.rstrip("/"),
        options={},  # a fresh one: the library writes into it
        get_server_info=False,
        max_retries=0,
        timeout=(settings.connect_timeout, settings.read_timeout),
        logging=False,
    )
    made.deploymentType = "Cloud" if settings.is_cloud else "Data Center"
    own = made._session
    session.headers.update(own.headers)
    own.close()
    made._session = cast(ResilientSession, _LibrarySession(session, understand))
    return made
