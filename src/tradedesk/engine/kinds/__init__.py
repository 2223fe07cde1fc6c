"""Where bars that do not follow the clock begin: trades, volume, range, renko."""
