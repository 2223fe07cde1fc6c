"""The books of all contracts: opened by the first chart of one, written soon after changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.services.drawings.book import DrawingBook
from tradedesk.services.drawings.record import DrawingRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import ContractId
    from tradedesk.services.drawings.drawing import Drawing


class DrawingStore(Protocol):
    """Where drawings are kept."""

    def load(self, key: str) -> tuple[DrawingRecord, str]:
        """What is kept under a key, and a sentence if it was unreadable."""

    def save(self, key: str, record: DrawingRecord) -> None:
        """Keep it; a `StoreError` if it cannot be kept."""


class DrawingShelf:
    """One book a contract.

    Parameters
    ----------
    store : DrawingStore or None
        Where they are kept; None keeps them no longer than this object lives.

    Attributes
    ----------
    on_change : callable
        Told that something is to be written: call `flush` soon.
    on_trouble : callable
        Told a sentence when a file could not be read or written.
    """

    def __init__(self, store: DrawingStore | None = None) -> None:
        self._store = store
        self._books: dict[ContractId, DrawingBook] = {}
        self._read: dict[ContractId, DrawingRecord] = {}
        self._changed: set[ContractId] = set()
        self.on_change: Callable[[], None] = lambda: None
        self.on_trouble: Callable[[str], None] = lambda _sentence: None

    def book(self, contract_id: ContractId) -> DrawingBook:
        """The book of a contract, the same one for everybody who asks."""
        found = self._books.get(contract_id)
        if found is None:
            found = self._books[contract_id] = self._open(contract_id)
            found.subscribe(lambda: self._note(contract_id))
        return found

    def flush(self) -> None:
        """Write what changed; what cannot be written is tried again with the next change."""
        if self._store is None:
            self._changed.clear()
            return
        for contract_id in sorted(self._changed):
            record = msgspec.structs.replace(
                self._read.get(contract_id, DrawingRecord()),
                contract_id=contract_id,
                drawings=self._books[contract_id].drawings,
            )
            try:
                self._store.save(contract_id, record)
            except StoreError as error:
                self.on_trouble(f"Drawings are not saved: {error}")
            else:
                self._changed.discard(contract_id)

    def _open(self, contract_id: ContractId) -> DrawingBook:
        if self._store is None:
            return DrawingBook()
        try:
            record, problem = self._store.load(contract_id)
        except StoreError as error:
            record, problem = DrawingRecord(), str(error)
        self._read[contract_id] = record
        foreign = record.foreign
        if foreign:
            kinds = ", ".join(sorted({each["kind"] for each in foreign}))
            problem = (
                f"Drawings of {contract_id} that a newer version made are not shown ({kinds}); "
                "they stay in the file."
            )
        if problem:
            self.on_trouble(problem)
        taken = (str(each.get("id")) for each in foreign)
        return DrawingBook(_with_own_ids(record.drawings), taken)

    def _note(self, contract_id: ContractId) -> None:
        self._changed.add(contract_id)
        self.on_change()


def _with_own_ids(drawings: tuple[Drawing, ...]) -> list[Drawing]:
    """Leave out what has the id of another one: a file may have been edited by hand."""
    return list({drawing.id: drawing for drawing in drawings}.values())
