"""The candle chart: bars, volume, axes, order lines and placing orders by pointer.

`panel.ChartPanel` is what the window uses; everything else here serves it.
"""
