"""Trades and bars on disk, by contract and day, as the engine's own integers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import StoreError
from tradedesk.engine import Bars, TradeBatch
from tradedesk.history.archive_file import Label, Table
from tradedesk.history.archive_names import contract_name, folder_name, yearly
from tradedesk.history.loaded import BarHistory, TradeHistory
from tradedesk.history.shelf import BEGIN_NS, END_NS, Entry, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

TRADES: Final = "trades"
BARS: Final = "bars"
_TRADE_COLUMNS: Final = ("ts_ns", "px_ticks", "qty", "buy_qty")
_BAR_COLUMNS: Final = (
    *("ts_ns", "open", "high", "low", "close"),
    *("volume", "buy_volume", "turnover", "count"),
)
_ID: Final = "id"


class Archive:
    """Trades and bars of contracts in a folder.

    ``<root>/<contract>/trades/2024-07-01.parquet`` holds the trades of a day, and
    ``<root>/<contract>/bars/5m/2024-07-01.parquet`` bars that open on it; bars of days, weeks and
    months are filed by year. A day is a date in UTC: it needs no calendar, and nothing is filed
    anew when an exchange changes its hours. A trading day is a range that reaches over two files.

    Several processes may read and write at once: a file is replaced whole, and writers wait for
    one another.

    Parameters
    ----------
    root : str or Path
        The folder; made when something is put into it.

    Notes
    -----
    Files are Parquet, zstd, with a checksum on every page: int64 times, int32 ticks and
    quantities, and the tick size, lot size, contract, source and versions as metadata.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def put_trades(self, trades: TradeHistory, source: str = "") -> list[Entry]:
        """Keep trades; on each day they replace what lies between their first and their last.

        To put the same trades twice is to put them once. Days without any of them stay as they
        are.

        Parameters
        ----------
        trades : TradeHistory
            Any number of days; see `read_trades`.
        source : str
            Where they are from, for people.

        Returns
        -------
        list of Entry
            The files that were written.

        Raises
        ------
        InputError
            If the contract's name is none, or a day that stays in part counts in another tick or
            lot size, or has ids where these have none or the reverse.
        StoreError
            If a file cannot be read or written; it stands as it stood, as do all later ones.
        """
        return self._trades(trades.contract).put(_trade_columns(trades), _label(trades, source))

    def append_trades(self, trades: TradeHistory, source: str = "") -> list[Entry]:
        """Add trades behind the newest ones that are kept.

        The file of the newest day is written anew, so the cost grows with that day: append
        minutes, not single trades.

        Raises
        ------
        BatchError
            If the first trade is older than the newest one kept; nothing changes.
        InputError, StoreError
            As for `put_trades`.
        """
        return self._trades(trades.contract).append(_trade_columns(trades), _label(trades, source))

    def trades(
        self, contract: str, start_ns: int | None = None, end_ns: int | None = None
    ) -> TradeHistory:
        """Read the trades of a time range as one batch; a range of several parts is copied once.

        Parameters
        ----------
        contract : str
            Whose.
        start_ns, end_ns : int, optional
            First nanosecond UTC, and the one behind the last; left out, everything.

        Raises
        ------
        InputError
            If the files of the range count in different tick or lot sizes.
        StoreError
            If nothing of the contract is kept, or a file of the range cannot be read; others
            still can.
        """
        shelf = self._trades(contract)
        parts = list(shelf.read(*_range(start_ns, end_ns), _TRADE_COLUMNS, (_ID,)))
        label = parts[0][0] if parts else self._label(shelf, contract, TRADES)
        batch = TradeBatch.concat([_batch(columns) for _, columns in parts])
        known = [columns[_ID] for _, columns in parts if _ID in columns]
        ids = np.concatenate(known) if known and len(known) == len(parts) else None
        return TradeHistory(batch, label.tick, contract, label.lot, ids, "file")

    def trade_batches(
        self, contract: str, start_ns: int | None = None, end_ns: int | None = None
    ) -> Iterator[TradeBatch]:
        """Give the trades of a time range in batches that were not copied after decoding.

        To be appended to a `tradedesk.engine.TradeStore` one after another; see `trades` for
        parameters and errors. Nothing comes for a contract of which nothing is kept.
        """
        shelf = self._trades(contract)
        for _label_of, columns in shelf.read(*_range(start_ns, end_ns), _TRADE_COLUMNS):
            yield _batch(columns)

    def put_bars(self, bars: BarHistory, spec: BarSpec, source: str = "") -> list[Entry]:
        """Keep bars of one size; in each file they replace what lies between first and last.

        Raises
        ------
        InputError, StoreError
            As for `put_trades`.
        """
        columns = dict(zip(_BAR_COLUMNS, bars.bars.columns(), strict=True))
        label = Label(f"{BARS} {spec}", bars.contract, bars.tick_size, bars.lot_size, source)
        return self._bars(bars.contract, spec).put(columns, label)

    def bars(
        self,
        contract: str,
        spec: BarSpec,
        start_ns: int | None = None,
        end_ns: int | None = None,
    ) -> BarHistory:
        """Read the bars that open in a time range; see `trades`.

        Raises
        ------
        InputError
            If the files of the range count in different tick or lot sizes.
        StoreError
            If no bars of this size are kept, or a file of the range cannot be read.
        """
        shelf = self._bars(contract, spec)
        parts = list(shelf.read(*_range(start_ns, end_ns), _BAR_COLUMNS))
        label = parts[0][0] if parts else self._label(shelf, contract, f"{spec} bars")
        found = [Bars.unchecked(tuple(columns.values())) for _, columns in parts]
        return BarHistory(Bars.concat(found), label.tick, contract, label.lot, "file")

    def contracts(self) -> list[str]:
        """Contracts of which something is kept, sorted."""
        return sorted(contract_name(folder.name) for folder in _folders(self.root))

    def bar_specs(self, contract: str) -> list[BarSpec]:
        """Sizes of the bars that are kept of a contract."""
        folder = self.root / folder_name(contract) / BARS
        return [BarSpec.parse(one.name) for one in _folders(folder)]

    def trade_files(self, contract: str) -> list[Entry]:
        """Every file of trades of a contract, oldest first; a damaged one says so."""
        return self._trades(contract).entries()

    def bar_files(self, contract: str, spec: BarSpec) -> list[Entry]:
        """Every file of bars of a size, oldest first; a damaged one says so."""
        return self._bars(contract, spec).entries()

    def missing_days(self, contract: str) -> list[date]:
        """Days, UTC, between the first and the last day of trades of which none are kept.

        Saturdays and holidays are among them: the archive knows no calendar.
        """
        return self._trades(contract).missing()

    def _trades(self, contract: str) -> Shelf:
        return Shelf(self.root / folder_name(contract) / TRADES, TRADES, contract)

    def _bars(self, contract: str, spec: BarSpec) -> Shelf:
        folder = self.root / folder_name(contract) / BARS / str(spec)
        return Shelf(folder, f"{BARS} {spec}", contract, yearly=yearly(spec))

    def _label(self, shelf: Shelf, contract: str, what: str) -> Label:
        label = shelf.label()
        if label is None:
            raise StoreError(
                f"No {what} of {contract} are kept in {self.root}: import a file of them."
            )
        return label


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(one for one in root.iterdir() if one.is_dir() and not one.name.startswith("."))


def _range(start_ns: int | None, end_ns: int | None) -> tuple[int, int]:
    return (BEGIN_NS if start_ns is None else start_ns, END_NS if end_ns is None else end_ns)


def _label(trades: TradeHistory, source: str) -> Label:
    return Label(TRADES, trades.contract, trades.tick_size, trades.lot_size, source)


def _trade_columns(trades: TradeHistory) -> Table:
    batch = trades.batch
    columns: Table = {name: getattr(batch, name) for name in _TRADE_COLUMNS}
    if trades.ids is not None:
        columns[_ID] = trades.ids
    return columns


def _batch(columns: Table) -> TradeBatch:
    return TradeBatch.unchecked(*(columns[name] for name in _TRADE_COLUMNS))
