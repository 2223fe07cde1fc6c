"""History on disk: files of others, an archive of one's own, exports and frames. Knows no Qt."""

from tradedesk.history.archive import Archive
from tradedesk.history.export import bar_lines, write_bars
from tradedesk.history.frames import to_pandas, to_polars
from tradedesk.history.loaded import BarHistory, TradeHistory
from tradedesk.history.reading import read_bars, read_history, read_trades
from tradedesk.history.shelf import Entry

__all__ = [
    "Archive",
    "BarHistory",
    "Entry",
    "TradeHistory",
    "bar_lines",
    "read_bars",
    "read_history",
    "read_trades",
    "to_pandas",
    "to_polars",
    "write_bars",
]
