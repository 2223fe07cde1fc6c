"""What a trader draws on a chart: its figures, and the book that keeps them for one contract."""
