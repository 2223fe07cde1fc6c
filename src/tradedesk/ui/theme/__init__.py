"""Colours, type and spacing by role, and how Qt is told about them."""
