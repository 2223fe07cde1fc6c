"""Who listens to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from tradedesk.practice.hubs.connection import Connection


class Topic(NamedTuple):
    """What is listened to: ``orders`` of an account, ``quotes`` of a contract."""

    kind: str
    of: Hashable


def asked(target: str, kinds: Iterable[str]) -> tuple[bool, str] | None:
    """What a hub method asks for.

    Names of methods mind no case, as in the framework that production runs on.

    Returns
    -------
    tuple of bool and str, or None
        Whether it subscribes, and to which of the kinds; None if there is no such method.
    """
    name = target.lower()
    for kind in kinds:
        if name in (f"subscribe{kind}".lower(), f"unsubscribe{kind}".lower()):
            return name.startswith("s"), kind
    return None


class Topics:
    """Subscriptions of one hub. They belong to the connection and end with it."""

    def __init__(self) -> None:
        self._listeners: dict[Topic, set[Connection]] = {}

    def add(self, topic: Topic, connection: Connection) -> None:
        """Let a connection listen."""
        self._listeners.setdefault(topic, set()).add(connection)

    def discard(self, topic: Topic, connection: Connection) -> None:
        """Let a connection listen no more."""
        listeners = self._listeners.get(topic, set())
        listeners.discard(connection)
        if not listeners:
            self._listeners.pop(topic, None)

    def drop(self, connection: Connection) -> set[Topic]:
        """Forget a connection; returns what it listened to."""
        heard = {topic for topic, who in self._listeners.items() if connection in who}
        for topic in heard:
            self.discard(topic, connection)
        return heard

    def heard(self, topic: Topic) -> bool:
        """Whether anybody listens."""
        return topic in self._listeners

    def send(self, topic: Topic, record: bytes) -> None:
        """Send a record to everybody who listens."""
        listeners: Iterable[Connection] = tuple(self._listeners.get(topic, ()))
        for connection in listeners:
            connection.send(record)
