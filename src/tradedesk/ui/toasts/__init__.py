"""Passing messages at the bottom right."""
