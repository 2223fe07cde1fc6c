"""Names on the wire to the attributes of models that use Python's own style."""

from __future__ import annotations

ACCOUNT = {
    "id": "id", "name": "name", "balance": "balance", "canTrade": "can_trade",
    "isVisible": "is_visible",
}  # fmt: skip
CONTRACT = {
    "id": "id", "name": "name", "description": "description", "tickSize": "tick_size",
    "tickValue": "tick_value", "activeContract": "active_contract", "symbolId": "symbol_id",
}  # fmt: skip
BAR = {"t": "timestamp", "o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
ORDER = {
    "id": "id", "accountId": "account_id", "contractId": "contract_id", "symbolId": "symbol_id",
    "creationTimestamp": "creation_timestamp", "updateTimestamp": "update_timestamp",
    "status": "status", "type": "type", "side": "side", "size": "size", "limitPrice": "limit_price",
    "stopPrice": "stop_price", "fillVolume": "fill_volume", "filledPrice": "filled_price",
    "customTag": "custom_tag",
}  # fmt: skip
POSITION = {
    "id": "id", "accountId": "account_id", "contractId": "contract_id",
    "creationTimestamp": "creation_timestamp", "type": "type", "size": "size",
    "averagePrice": "average_price",
}  # fmt: skip
TRADE = {
    "id": "id", "accountId": "account_id", "contractId": "contract_id",
    "creationTimestamp": "creation_timestamp", "price": "price",
    "profitAndLoss": "profit_and_loss", "fees": "fees", "side": "side", "size": "size",
    "voided": "voided", "orderId": "order_id",
}  # fmt: skip


def without(names: dict[str, str], *absent: str) -> dict[str, str]:
    """Leave out what a model does not have."""
    return {wire: name for wire, name in names.items() if wire not in absent}
