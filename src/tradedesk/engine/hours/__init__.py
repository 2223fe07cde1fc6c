"""When a market trades, and where time bars open."""
