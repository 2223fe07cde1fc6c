"""How the bars of a chart are drawn: one painter a file."""
