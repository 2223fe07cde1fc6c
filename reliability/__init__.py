"""How far the order path can be trusted: makes the figures of ``docs/reliability.md``."""
