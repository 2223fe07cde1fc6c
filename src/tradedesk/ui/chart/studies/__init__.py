"""Indicators on the chart: their lines, panes, legends, and how they are chosen."""
