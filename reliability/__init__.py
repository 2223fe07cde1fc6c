"""How much the order path can be trusted: what is published in ``docs/reliability.md``, made here."""
