"""``tradedesk doctor``."""
