"""Figures over bars: averages, oscillators, bands, levels; whole columns and bar by bar."""
