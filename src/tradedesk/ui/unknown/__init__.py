"""Orders that nobody has confirmed, and what a person can do about them."""
