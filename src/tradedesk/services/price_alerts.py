"""Alerts at a price: each fires once, when a trade reaches it or goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from tradedesk.domain.ids import ContractId

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.engine import TradeBatch

FIRED_KEPT = 50
"""Alerts that have fired and are remembered, of all contracts together."""


class PriceAlert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert.

    ``fired_ns`` is the venue's time of the trade that set it off (nanoseconds UTC), None while it
    waits.
    """

    alert_id: int
    contract_id: ContractId
    price_ticks: int
    fired_ns: int | None = None


class AlertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """All alerts of one venue, as they are kept on disk."""

    alerts: tuple[PriceAlert, ...] = ()


def side_of(price_ticks: int | None, alert_ticks: int) -> int:
    """On which side of an alert a price is: 1 above, -1 below, 0 at it or unknown."""
    if price_ticks is None:
        return 0
    return (price_ticks > alert_ticks) - (price_ticks < alert_ticks)


def crossing(side: int, alert_ticks: int, prices: NDArray[np.int32]) -> tuple[int, int | None]:
    """Follow trades past an alert.

    Parameters
    ----------
    side : int
        Where the price was before, see `side_of`.
    prices : ndarray of int32, shape (n,)
        Ticks of trades, oldest first.

    Returns
    -------
    tuple of int and int or None
        Where the price is afterwards, and the position of the first trade that came from one side
        to the alert or to its other side; None if none did. From 0 a price has to leave before it
        can come back.
    """
    signs = np.sign(prices.astype(np.int64) - alert_ticks)
    begin = 0
    if side == 0:
        away = np.flatnonzero(signs)
        if not len(away):
            return 0, None
        begin, side = int(away[0]) + 1, int(signs[away[0]])
    hits = np.flatnonzero(signs[begin:] != side)
    return side, int(hits[0]) + begin if len(hits) else None


class PriceAlerts:
    """The alerts of one venue. A price that was there before a start sets nothing off.

    Used on the desk's loop only. Prices are those of trades as they arrive, so an old price never
    fires; one that moved past an alert while the feed was away is told with the first trade after.

    Parameters
    ----------
    record : AlertRecord
        As kept by an earlier run.
    save : callable
        Keeps them, after every change.

    Attributes
    ----------
    on_fired : list of callable
        Each is told an alert that has just fired.
    version : int
        Rises with every change.
    """

    def __init__(
        self,
        record: AlertRecord | None = None,
        save: Callable[[AlertRecord], None] = lambda _record: None,
    ) -> None:
        self._alerts = {one.alert_id: one for one in (record or AlertRecord()).alerts}
        self._save = save
        self._next = max(self._alerts, default=0) + 1
        self._sides: dict[int, int] = {}
        self._last: dict[ContractId, int] = {}
        self.on_fired: list[Callable[[PriceAlert], None]] = []
        self.version = 0

    # --- changing -----------------------------------------------------------------------------

    def add(self, contract_id: ContractId, price_ticks: int) -> PriceAlert:
        """Wait for a price; the same alert if one waits there already."""
        for known in self.waiting(contract_id):
            if known.price_ticks == price_ticks:
                return known
        made = PriceAlert(alert_id=self._next, contract_id=contract_id, price_ticks=price_ticks)
        self._next += 1
        self._put(made)
        return made

    def move(self, alert_id: int, price_ticks: int) -> None:
        """Wait for another price; nothing if it has fired or gone."""
        known = self._alerts.get(alert_id)
        if known is not None and known.fired_ns is None:
            self._put(msgspec.structs.replace(known, price_ticks=price_ticks))

    def remove(self, alert_id: int) -> None:
        """Wait no longer."""
        if self._alerts.pop(alert_id, None) is not None:
            self._sides.pop(alert_id, None)
            self._changed()

    # --- feeding ------------------------------------------------------------------------------

    def absorb(self, contract_id: ContractId, batch: TradeBatch) -> None:
        """Take in trades as they arrived, oldest first."""
        if not len(batch):
            return
        for alert in self.waiting(contract_id):
            known = self._sides.get(alert.alert_id, 0)
            side, at = crossing(known, alert.price_ticks, batch.px_ticks)
            self._sides[alert.alert_id] = side
            if at is not None:
                self._fire(alert, int(batch.ts_ns[at]))
        self._last[contract_id] = int(batch.px_ticks[-1])

    # --- reading ------------------------------------------------------------------------------

    def waiting(self, contract_id: ContractId) -> list[PriceAlert]:
        """Those of a contract that have not fired."""
        return [
            one
            for one in self._alerts.values()
            if one.fired_ns is None and one.contract_id == contract_id
        ]

    def fired(self, contract_id: ContractId) -> list[PriceAlert]:
        """Those of a contract that have fired, as far as they are remembered."""
        return [
            one
            for one in self._alerts.values()
            if one.fired_ns is not None and one.contract_id == contract_id
        ]

    @property
    def contracts(self) -> set[ContractId]:
        """Contracts in which something is waited for."""
        return {one.contract_id for one in self._alerts.values() if one.fired_ns is None}

    # --- inside -------------------------------------------------------------------------------

    def _put(self, alert: PriceAlert) -> None:
        self._alerts[alert.alert_id] = alert
        last = self._last.get(alert.contract_id)
        self._sides[alert.alert_id] = side_of(last, alert.price_ticks)
        self._changed()

    def _fire(self, alert: PriceAlert, ts_ns: int) -> None:
        fired = msgspec.structs.replace(alert, fired_ns=ts_ns)
        self._alerts[alert.alert_id] = fired
        self._sides.pop(alert.alert_id, None)
        over = sorted(
            (one for one in self._alerts.values() if one.fired_ns is not None),
            key=lambda one: one.fired_ns or 0,
        )[:-FIRED_KEPT]
        for one in over:
            del self._alerts[one.alert_id]
        self._changed()
        for tell in tuple(self.on_fired):
            tell(fired)

    def _changed(self) -> None:
        self.version += 1
        self._save(AlertRecord(alerts=tuple(self._alerts.values())))
