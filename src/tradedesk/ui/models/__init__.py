"""Qt item models over what the desk knows, and the pure functions that make their rows."""
