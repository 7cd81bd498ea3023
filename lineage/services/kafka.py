"""Kafka, told to say when a message did not arrive: the library's transport only logs that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage.client.serde import Serde
from openlineage.client.transport.kafka import KafkaTransport

if TYPE_CHECKING:
    from openlineage.client.client import Event

FLUSH_SECONDS = 30.0


class NotDelivered(RuntimeError):
    """A broker did not confirm a message."""


class ConfirmedKafkaTransport(KafkaTransport):
    """openlineage-python's Kafka transport; ``emit`` returns once a broker has the message."""

    def emit(self, event: Event) -> None:
        """Send one event; raises NotDelivered where no broker confirmed it."""
        failures: list[str] = []

        def confirm(error: Any, _message: Any) -> None:
            if error is not None:
                failures.append(str(error))

        producer: Any = self.producer
        producer.produce(
            topic=self.topic,
            key=self.message_key or self._get_message_key(event),
            value=Serde.to_json(event).encode("utf-8"),
            on_delivery=confirm,
        )
        waiting = producer.flush(FLUSH_SECONDS)
        if failures or waiting:
            raise NotDelivered(failures[0] if failures else f"no broker answered: {self.topic}")
