"""The broker. Messages are only wake-up calls, so the default broker lives in this process and may lose them all.

Dramatiq's process-wide broker stays unset: brokers are passed in. No kind of broker holds a message for long: waits are
due times in the store, Dramatiq's delays serve only the few retries of our own faults, and the scheduler stops sending
while enough is queued.
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
from worker.settings.tables import BrokerSettings

_Arguments = ParamSpec("_Arguments")

QUEUE = "forcesync"
MOST_QUEUED = 1000  # messages on a server; no more pile up while no worker runs
PREFETCH = 2  # messages that one worker thread holds; those of a killed process are late by the heartbeat timeout

# Redis recovers a dead worker's messages only during "maintenance", which by default runs with 0.1 % of the commands:
# on an idle queue that can take more than a quarter of an hour. With every command it costs one ZRANGEBYSCORE.
# https://dramatiq.io/reference.html#dramatiq.brokers.redis.RedisBroker
MAINTENANCE_CHANCE = 1_000_000
HEARTBEAT_TIMEOUT = 15_000  # ms without a heartbeat after which a worker counts as dead; the store does not rely on it
DEAD_MESSAGES_FOR = 24 * 3600 * 1000  # ms; how long failed messages are kept for inspection
SOCKET_SECONDS = 10.0  # after which an unreachable Redis is noticed


class BrokerUnavailable(Exception):  # noqa: N818  # it names the fact
    """The broker's server does not answer; the text names the setting. Nothing is lost: the store knows what is due."""

    def __init__(self, error: Exception) -> None:
        seen = str(error) or repr(error)  # pika's errors have a message in their repr only
        super().__init__(f"broker.url: the server does not answer ({seen})")


@dataclass(frozen=True)
class Queue:
    """A broker with its limits: `waiting` counts its messages, and sending stops at `most` of them.

    `waiting` may raise `BrokerUnavailable`. `gone` are the client's errors for a server that does not answer.
    """

    broker: dramatiq.Broker
    waiting: Callable[[], int]
    most: int
    shared: bool
    gone: tuple[type[Exception], ...] = ()

    def sending(self, send: Callable[_Arguments, object]) -> Callable[_Arguments, None]:
        """Return `send`, made to raise `BrokerUnavailable` when the server does not answer."""

        def sent(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
            try:
                send(*args, **kwargs)
            except self.gone as error:
                raise BrokerUnavailable(error) from error

        return sent


def connect(settings: BrokerSettings, threads: int) -> Queue:
    """Return the settings' broker; does not connect yet. Raises `OperatorError` for a missing extra."""
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
        raise OperatorError(f"broker.url: not a valid {settings.kind} URL: {type(error).__name__}") from None


def embedded(threads: int) -> Queue:
    """Return a broker inside this process.

    It holds few messages: if the process is killed, whatever it had queued is late for every process.
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


class _Channels(set[Any]):
    """Dramatiq's channels. One that failed while it was being opened is not among them, and is removed all the same."""

    remove = set.discard


def _rabbitmq(url: str) -> Queue:
    from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415  # needs the extra
    from pika.exceptions import AMQPError, ChannelClosedByBroker  # noqa: PLC0415  # an extra

    # with confirmation, Dramatiq notices that a queue is gone and declares it again
    broker = RabbitmqBroker(url=url, middleware=_middleware(), confirm_delivery=True)
    broker.channels = _Channels()

    def waiting() -> int:
        try:
            return int(broker.channel.queue_declare(QUEUE, passive=True).method.message_count)
        except ChannelClosedByBroker:
            del broker.channel  # the queue does not exist yet, and a failed passive declare closes the channel
            return 0
        except AMQPError as error:
            del broker.connection  # the next call opens a new one
            raise BrokerUnavailable(error) from error

    return Queue(broker, waiting, most=MOST_QUEUED, shared=True, gone=(AMQPError, BrokerConnectionError))


def _middleware() -> list[Middleware]:
    return [TimeLimit(), ShutdownNotifications(), Retries()]
