"""The drill on the desk: a strip above the chart, and a sheet with the score at the end."""
