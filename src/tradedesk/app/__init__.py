"""Wiring: the only place that names concrete adapters; nothing happens at import."""
