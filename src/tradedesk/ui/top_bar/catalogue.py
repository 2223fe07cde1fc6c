"""Products that the contract picker offers before anything is typed. Pure data."""

from __future__ import annotations

from typing import NamedTuple


class Product(NamedTuple):
    """One futures product."""

    symbol: str
    name: str
    exchange: str


PRODUCTS = (
    Product("MNQ", "Micro E-mini Nasdaq-100", "CME"),
    Product("MES", "Micro E-mini S&P 500", "CME"),
    Product("M2K", "Micro E-mini Russell 2000", "CME"),
    Product("MYM", "Micro E-mini Dow", "CBOT"),
    Product("NQ", "E-mini Nasdaq-100", "CME"),
    Product("ES", "E-mini S&P 500", "CME"),
    Product("RTY", "E-mini Russell 2000", "CME"),
    Product("YM", "E-mini Dow", "CBOT"),
    Product("MGC", "Micro Gold", "COMEX"),
    Product("GC", "Gold", "COMEX"),
    Product("SI", "Silver", "COMEX"),
    Product("HG", "Copper", "COMEX"),
    Product("MCL", "Micro Crude Oil", "NYMEX"),
    Product("CL", "Crude Oil", "NYMEX"),
    Product("NG", "Natural Gas", "NYMEX"),
    Product("ZN", "10-Year T-Note", "CBOT"),
    Product("ZB", "30-Year T-Bond", "CBOT"),
    Product("ZC", "Corn", "CBOT"),
    Product("ZS", "Soybeans", "CBOT"),
    Product("ZW", "Wheat", "CBOT"),
    Product("6E", "Euro FX", "CME"),
    Product("6J", "Japanese Yen", "CME"),
    Product("6B", "British Pound", "CME"),
    Product("MBT", "Micro Bitcoin", "CME"),
)
_BY_SYMBOL = {product.symbol: product for product in PRODUCTS}


def exchange(symbol: str) -> str:
    """Exchange of a product; empty if unknown."""
    product = _BY_SYMBOL.get(symbol)
    return product.exchange if product is not None else ""


def matching(text: str) -> list[Product]:
    """Products whose symbol begins with the text or whose name contains it; all for no text."""
    wanted = text.strip().lower()
    starts = [p for p in PRODUCTS if p.symbol.lower().startswith(wanted)]
    return starts + [p for p in PRODUCTS if p not in starts and wanted in p.name.lower()]
