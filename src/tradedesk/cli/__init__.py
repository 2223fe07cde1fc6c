"""Entry points; nothing happens at import."""
