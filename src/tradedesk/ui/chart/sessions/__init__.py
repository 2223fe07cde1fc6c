"""Trading days on a chart: where they begin, what is shaded, which prices they left behind."""
