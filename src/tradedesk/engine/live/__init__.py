"""Bars that are kept current while trades come in."""
