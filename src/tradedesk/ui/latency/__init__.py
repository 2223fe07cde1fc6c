"""Latency of the last order and of all of them."""
