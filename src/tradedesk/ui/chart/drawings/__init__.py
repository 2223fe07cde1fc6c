"""Drawing on the chart: the strip of tools, how drawings are placed, shown, taken and changed."""
