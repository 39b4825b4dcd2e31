"""What the servers' clients do when a server goes away at the wrong moment."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from pika.exceptions import AMQPConnectionError
from pydantic import SecretStr

from worker.process import broker as brokers
from worker.settings.tables import BrokerSettings

SETTINGS = BrokerSettings(kind="rabbitmq", url=SecretStr("amqp://127.0.0.1:1"))


def test_a_channel_that_fails_while_it_is_opened_is_a_server_that_does_not_answer() -> None:
    channel = Mock(is_open=False)
    channel.confirm_delivery.side_effect = AMQPConnectionError("gone")
    connection = Mock(is_open=False)
    connection.channel.return_value = channel
    queue = brokers.connect(SETTINGS, 1)
    assert isinstance(queue.broker, RabbitmqBroker)
    queue.broker.state.connection = connection
    queue.broker.connections.add(connection)
    with pytest.raises(brokers.BrokerUnavailable, match="gone"):
        queue.waiting()
    assert not hasattr(queue.broker.state, "channel")
    assert not hasattr(queue.broker.state, "connection")
