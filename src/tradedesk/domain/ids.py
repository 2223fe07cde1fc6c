"""Names for the ids that travel between the layers, so that one cannot stand in for another."""

from __future__ import annotations

from typing import NewType

AccountId = NewType("AccountId", int)
ContractId = NewType("ContractId", str)
"""The venue's contract id, e.g. ``CON.F.US.MNQ.Z26``. Always a string."""
OrderId = NewType("OrderId", int)
TradeId = NewType("TradeId", int)
Tag = NewType("Tag", str)
"""Our own order tag (``customTag`` on the wire): unique for ever, also the intent's id."""
