"""The broker: messages are wake-up calls, so the default one lives in this process and may forget them all.

Dramatiq's process-wide broker stays unset: whoever needs a broker is handed one. Whatever the kind, no message waits in
it for long: waits are due times in the store, Dramatiq's delays are used for the few retries of our own faults only,
and the scheduler stops sending while enough is queued.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import Middleware, Retries, ShutdownNotifications, TimeLimit

from worker.errors import OperatorError
from worker.settings.model import BrokerSettings

_Arguments = ParamSpec("_Arguments")

QUEUE = "forcesync"
MOST_QUEUED = 1000  # messages on a server; when nobody works, no more than this many pile up
PREFETCH = 2  # messages in the hands of one worker thread; those of a killed process are late by a heartbeat's time

# Redis recovers a dead worker's messages only inside "maintenance", which comes by default with 0.1 % of the commands:
# an idle queue waits for a quarter of an hour and more. With every command it costs one ZRANGEBYSCORE.
# https://dramatiq.io/reference.html#dramatiq.brokers.redis.RedisBroker
MAINTENANCE_CHANCE = 1_000_000
HEARTBEAT_TIMEOUT = 15_000  # ms without a sign of life after which a worker counts as dead; the store needs none of it
DEAD_MESSAGES_FOR = 24 * 3600 * 1000  # ms; messages that failed are kept for a look, no longer
SOCKET_SECONDS = 10.0  # a Redis that is gone is noticed after that long


class BrokerUnavailable(Exception):  # noqa: N818  # it names the fact
    """The broker's server does not answer; the text names the setting. Nothing is lost by it: the store has it all."""

    def __init__(self, error: Exception) -> None:
        seen = str(error) or repr(error)  # pika's errors have words in their repr only
        super().__init__(f"broker.url: the server does not answer ({seen}); it is asked again until it does")


@dataclass(frozen=True)
class Queue:
    """A broker, and how to ask it how many messages wait (or `BrokerUnavailable`); `most` is when to stop sending.

    `gone` are the errors with which its client says that the server does not answer.
    """

    broker: dramatiq.Broker
    waiting: Callable[[], int]
    most: int
    shared: bool
    gone: tuple[type[Exception], ...] = ()

    def sending(self, send: Callable[_Arguments, object]) -> Callable[_Arguments, None]:
        """Return `send`, but raising `BrokerUnavailable` where the server is gone."""

        def sent(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
            try:
                send(*args, **kwargs)
            except self.gone as error:
                raise BrokerUnavailable(error) from error

        return sent


def connect(settings: BrokerSettings, threads: int) -> Queue:
    """Return the broker that the settings name. Reaches no server yet. Raises `OperatorError` for a missing extra."""
    if settings.kind == "embedded":
        return embedded(threads)
    assert settings.url is not None  # the settings are validated  # noqa: S101
    make = {"redis": _redis, "rabbitmq": _rabbitmq}[settings.kind]
    try:
        return make(settings.url.get_secret_value())
    except ImportError as error:
        raise OperatorError(
            f"broker.kind: {settings.kind!r} needs its client ({error}); "
            f"install it with: pip install 'forcesync[{settings.kind}]'"
        ) from None
    except ValueError as error:
        raise OperatorError(f"broker.url: not a URL of {settings.kind}: {type(error).__name__}") from None


def embedded(threads: int) -> Queue:
    """Return a broker inside this process; everything that matters is in the store.

    Few messages are taken at once: what this process has in its queue is late for everybody if it is killed.
    """
    broker = StubBroker(middleware=_middleware())

    def waiting() -> int:
        return int(broker.queues[QUEUE].qsize())

    return Queue(broker, waiting, most=2 * threads, shared=False)


def _redis(url: str) -> Queue:
    import redis  # noqa: PLC0415  # an extra
    from dramatiq.brokers.redis import RedisBroker  # noqa: PLC0415  # needs the extra

    client: Any = redis.Redis.from_url(
        url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS, health_check_interval=30
    )
    broker = RedisBroker(
        client=client,
        middleware=_middleware(),
        namespace=QUEUE,
        maintenance_chance=MAINTENANCE_CHANCE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
        dead_message_ttl=DEAD_MESSAGES_FOR,
    )

    def waiting() -> int:
        try:
            return int(client.llen(f"{QUEUE}:{QUEUE}"))
        except redis.RedisError as error:
            raise BrokerUnavailable(error) from error

    return Queue(broker, waiting, most=MOST_QUEUED, shared=True, gone=(redis.RedisError, BrokerConnectionError))


def _rabbitmq(url: str) -> Queue:
    from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415  # needs the extra
    from pika.exceptions import AMQPError, ChannelClosedByBroker  # noqa: PLC0415  # an extra

    # confirmed: Dramatiq then notices that a queue is gone, and makes it again
    broker = RabbitmqBroker(url=url, middleware=_middleware(), confirm_delivery=True)

    def waiting() -> int:
        try:
            return int(broker.channel.queue_declare(QUEUE, passive=True).method.message_count)
        except ChannelClosedByBroker:
            del broker.channel  # there is no such queue yet, and asking for it costs the channel
            return 0
        except AMQPError as error:
            del broker.connection  # the next call makes a new one
            raise BrokerUnavailable(error) from error

    return Queue(broker, waiting, most=MOST_QUEUED, shared=True, gone=(AMQPError, BrokerConnectionError))


def _middleware() -> list[Middleware]:
    return [TimeLimit(), ShutdownNotifications(), Retries()]
