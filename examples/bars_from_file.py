# Prints bars of a file of trades: python examples/bars_from_file.py FILE 5m
import sys

from tradedesk.engine import BarSpec, aggregate
from tradedesk.history import bar_lines, read_trades

trades = read_trades(sys.argv[1])
bars = aggregate(trades.batch, BarSpec.parse(sys.argv[2]))
print(*bar_lines(bars, trades.tick_size, lot_size=trades.lot_size), sep="\n")
