"""Tie the desk's state and the market to the panels, and what the panels ask to the desk."""
