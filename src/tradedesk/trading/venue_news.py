"""Facts from the venue, from the hub or from REST, into the books and on to the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import (
    AccountChanged,
    FillReceived,
    OrderChanged,
    PositionChanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Account, Fill, Position
    from tradedesk.trading.books import Books
    from tradedesk.trading.change_desk import ChangeDesk
    from tradedesk.trading.intent_fates import IntentFates
    from tradedesk.trading.venue_report import VenueReport


class VenueNews:
    """Takes each fact once, whatever way it came, and tells what changed.

    Attributes
    ----------
    on_hub : list of callable
        Told every order, position and fill that the hub brought and that was news, and when.
    on_report : list of callable
        Told every whole look, after it was taken in.
    """

    def __init__(self, books: Books, fates: IntentFates, changes: ChangeDesk | None = None) -> None:
        self._books = books
        self._fates = fates
        self._changes = changes
        self.on_hub: list[Callable[[Order | Position | Fill, int], None]] = []
        self.on_report: list[Callable[[VenueReport], None]] = []

    def order(self, order: Order, mono_ns: int, *, hub: bool) -> None:
        """One copy of an order."""
        kept = self._books.blotter.take_order(order, mono_ns)
        if kept is not None:
            self._books.emit(OrderChanged(order=kept))
        # an old copy is a witness all the same
        self._fates.witnessed(kept or order, mono_ns if hub else None)
        if self._changes is not None:
            self._changes.witnessed(kept or order, mono_ns if hub else None)
        if hub and kept is not None:
            self._tell_hub(kept, mono_ns)

    def position(self, position: Position, mono_ns: int) -> None:
        """A position from the hub."""
        kept = self._books.blotter.take_position(position, mono_ns)
        if kept is not None:
            self._books.emit(PositionChanged(position=kept))
            self._tell_hub(kept, mono_ns)

    def fill(self, fill: Fill, mono_ns: int | None) -> None:
        """A trade of ours; ``mono_ns`` is None when it comes from a list, not from the hub."""
        kept = self._books.blotter.take_fill(fill)
        if kept is None:
            return
        self._books.emit(FillReceived(fill=kept))
        if kept.voided:
            self._books.notice(
                "warning",
                f"The venue voided the trade {kept.trade_id} of {kept.size} "
                f"{self._books.name_of(kept.contract_id)}; check the position.",
            )
        elif mono_ns is not None:
            self._fates.filled(kept.order_id, mono_ns)
            self._tell_hub(kept, mono_ns)

    def account(self, account: Account) -> None:
        """An account's newest copy."""
        kept = self._books.blotter.take_account(account)
        if kept is not None:
            self._books.emit(AccountChanged(account=kept))

    def hub_connected(self, since_ns: int | None) -> None:
        """Since when the hub has been connected without a gap; None when it is not."""
        self._books.blotter.hub_since_ns = since_ns

    def report(self, report: VenueReport) -> None:
        """A whole look at one account."""
        for order in (*(report.orders or ()), *report.working):
            self.order(order, report.asked_ns, hub=False)
        for fill in report.fills or ():
            self.fill(fill, None)
        if report.orders is not None:
            self.missing(report)
        changed = self._books.blotter.take_position_list(
            report.account_id, report.positions, report.asked_ns
        )
        for position in changed:
            self._books.emit(PositionChanged(position=position))
        for tell in self.on_report:
            tell(report)

    def missing(self, report: VenueReport) -> None:
        """Note which orders a whole list of working ones does not show any more."""
        gone = self._books.blotter.note_working_list(
            report.account_id, report.working, report.asked_ns
        )
        for order in gone:
            self._books.emit(OrderChanged(order=order))

    def _tell_hub(self, what: Order | Position | Fill, mono_ns: int) -> None:
        for tell in self.on_hub:
            tell(what, mono_ns)
