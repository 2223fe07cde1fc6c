"""Alerts at a price: their lines and marks on the chart, and the toast when one fires."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from tradedesk.domain.errors import InputError
from tradedesk.domain.events import Phase
from tradedesk.domain.order import Side
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.services.signed_text import ticks_text
from tradedesk.services.stress.contract import is_made_up
from tradedesk.ui.chart.marks import AlertMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.price_alerts import PriceAlert
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.presenters.chart_slot import ChartSlot
    from tradedesk.ui.toasts.stack import ToastStack

PREFIX = "alert:"


class AlertPresenter:
    """Keeps alerts as charts ask for them, and watches their contracts.

    Parameters
    ----------
    anchor : QWidget
        In the window that asks for attention when an alert fires.
    """

    def __init__(self, toasts: ToastStack, context: DeskContext, anchor: QWidget) -> None:
        self._toasts, self._anchor = toasts, anchor
        self._state, self._markets = context.state, context.markets
        self._trade, self._alerts = context.trade, context.alerts
        self._asked: set[ContractId] = set()
        self._watched: set[ContractId] = set()
        self._moved: list[tuple[ChartPanel, str]] = []
        self._alerts.on_fired.append(self._fired)

    def wire(self, chart: ChartPanel) -> None:
        """Carry out what one more chart asks for."""
        chart.trading.alert_requested.connect(partial(self._add, chart))
        chart.move_requested.connect(partial(self._move, chart))
        chart.cancel_requested.connect(self._remove)

    def stop(self) -> None:
        """Hear of no more alerts."""
        if self._fired in self._alerts.on_fired:
            self._alerts.on_fired.remove(self._fired)

    def lines(self, instrument: Instrument, last_ticks: int | None) -> list[ChartLine]:
        """Lines of the alerts that wait in a contract."""
        return [_line(one, last_ticks) for one in self._alerts.waiting(instrument.contract_id)]

    def show(self, slots: Sequence[ChartSlot]) -> None:
        """Bring marks and watched contracts up to date, after the lines of the charts."""
        for slot in slots:
            self._show_marks(slot)
            for _, key in [moved for moved in self._moved if moved[0] is slot.panel]:
                slot.panel.trading.settle_move(key)
        self._moved.clear()
        for contract_id in self._alerts.contracts - self._watched:
            self._watch(contract_id)

    # --- inside -------------------------------------------------------------------------------

    def _show_marks(self, slot: ChartSlot) -> None:
        instrument = slot.selection.instrument
        if instrument is not None:
            fired = self._alerts.fired(instrument.contract_id)
            slot.panel.trading.show_alert_marks(
                [AlertMark(one.fired_ns or 0, one.price_ticks) for one in fired]
            )

    def _watch(self, contract_id: ContractId) -> None:
        """Follow a contract; one that is not known yet is asked for once."""
        instrument = self._state.instruments.get(contract_id)
        session = self._state.session
        if instrument is not None:
            self._watched.add(contract_id)
            self._markets.watch(instrument)
        elif contract_id not in self._asked and session and session.phase is Phase.READY:
            self._asked.add(contract_id)
            try:
                self._trade.track(str(contract_id))
            except InputError as error:
                self._toasts.show("warning", str(error))

    def _add(self, chart: ChartPanel, price_ticks: int) -> None:
        instrument = chart.instrument
        if instrument is None:
            return
        if is_made_up(instrument.contract_id):
            self._toasts.show("warning", "Made-up prices take no alerts; nothing was set.")
            return
        if price_ticks < 1:
            self._toasts.show("warning", "An alert needs a price above 0; nothing was set.")
            return
        self._alerts.add(instrument.contract_id, price_ticks)

    def _move(self, chart: ChartPanel, key: str, price_ticks: int, press_ns: int) -> None:
        if key.startswith(PREFIX):
            self._alerts.move(_id_of(key), price_ticks)
            self._moved.append((chart, key))

    def _remove(self, key: str, press_ns: int) -> None:
        if key.startswith(PREFIX):
            self._alerts.remove(_id_of(key))

    def _fired(self, alert: PriceAlert) -> None:
        instrument = self._state.instruments.get(alert.contract_id)
        name = str(alert.contract_id) if instrument is None else instrument.short_name
        price = str(alert.price_ticks)
        if instrument is not None:
            price = instrument.tick.text(alert.price_ticks)
        text = f"Alert: {name} reached {price}."
        self._toasts.show("alert", text, key=f"{PREFIX}{alert.alert_id}")
        QApplication.alert(self._anchor.window())


def _line(alert: PriceAlert, last_ticks: int | None) -> ChartLine:
    parts = [LinePart("ALERT")]
    if last_ticks is not None:
        parts.append(LinePart(ticks_text(alert.price_ticks - last_ticks), keep=1))
    return ChartLine(
        key=f"{PREFIX}{alert.alert_id}",
        kind=LineKind.ALERT,
        side=Side.BUY,
        price_ticks=alert.price_ticks,
        size=0,
        parts=tuple(parts),
        draggable=True,
        cancellable=True,
    )


def _id_of(key: str) -> int:
    return int(key.removeprefix(PREFIX))
