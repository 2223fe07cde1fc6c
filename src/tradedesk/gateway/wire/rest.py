"""REST bodies other than those of orders (gateway documentation, 2025 and 2026 schemas)."""

from __future__ import annotations

from datetime import datetime

from tradedesk.gateway.wire.base import Envelope, Int32, Request, Wire

# --- authentication -------------------------------------------------------------------------


class LoginKeyRequest(Request, kw_only=True):
    """POST /api/Auth/loginKey."""

    user_name: str
    api_key: str

    def __repr__(self) -> str:
        return f"LoginKeyRequest(user_name={self.user_name!r}, api_key=<hidden>)"


class LoginAppRequest(Request, kw_only=True):
    """POST /api/Auth/loginApp."""

    user_name: str
    password: str
    device_id: str
    app_id: str
    verify_key: str

    def __repr__(self) -> str:
        return f"LoginAppRequest(user_name={self.user_name!r}, password=<hidden>)"


class LoginResponse(Envelope, kw_only=True):
    """Answer of both log-ins."""

    token: str | None = None

    def __repr__(self) -> str:
        return f"LoginResponse(success={self.success}, error_code={self.error_code})"


class ValidateResponse(Envelope, kw_only=True):
    """Answer of POST /api/Auth/validate; take ``new_token`` when it is not empty."""

    new_token: str | None = None

    def __repr__(self) -> str:
        return f"ValidateResponse(success={self.success}, error_code={self.error_code})"


# --- accounts -------------------------------------------------------------------------------


class AccountSearchRequest(Request, kw_only=True):
    """POST /api/Account/search."""

    only_active_accounts: bool


class AccountModel(Wire, kw_only=True):
    """One account."""

    id: int
    name: str
    balance: float
    can_trade: bool
    is_visible: bool
    simulated: bool = True


class AccountSearchResponse(Envelope, kw_only=True):
    """Answer of Account/search."""

    accounts: list[AccountModel] | None = None


# --- contracts ------------------------------------------------------------------------------


class ContractSearchRequest(Request, kw_only=True):
    """POST /api/Contract/search."""

    live: bool
    search_text: str | None = None


class ContractByIdRequest(Request, kw_only=True):
    """POST /api/Contract/searchById."""

    contract_id: str


class ContractAvailableRequest(Request, kw_only=True):
    """POST /api/Contract/available."""

    live: bool


class ContractModel(Wire, kw_only=True):
    """One contract."""

    id: str
    name: str
    description: str
    tick_size: float
    tick_value: float
    active_contract: bool
    symbol_id: str


class ContractsResponse(Envelope, kw_only=True):
    """Answer of Contract/search and Contract/available."""

    contracts: list[ContractModel] | None = None


class ContractResponse(Envelope, kw_only=True):
    """Answer of Contract/searchById."""

    contract: ContractModel | None = None


# --- history --------------------------------------------------------------------------------


class RetrieveBarsRequest(Request, kw_only=True):
    """POST /api/History/retrieveBars; units: 1 s, 2 min, 3 h, 4 d, 5 week, 6 month."""

    contract_id: str
    live: bool
    start_time: datetime
    end_time: datetime
    unit: Int32
    unit_number: Int32
    limit: Int32
    include_partial_bar: bool


class BarModel(Wire, kw_only=True):
    """One bar; ``t`` is its opening time."""

    t: datetime
    o: float
    h: float
    l: float  # noqa: E741 - the wire's own name
    c: float
    v: int


class BarsResponse(Envelope, kw_only=True):
    """Answer of retrieveBars, newest first."""

    bars: list[BarModel] | None = None


# --- positions and trades -------------------------------------------------------------------


class PositionModel(Wire, kw_only=True):
    """One netted position: ``type`` 1 long, 2 short; ``size`` always positive."""

    id: int
    account_id: int
    contract_id: str
    contract_display_name: str | None = None
    creation_timestamp: datetime
    type: int
    size: int
    average_price: float


class PositionsResponse(Envelope, kw_only=True):
    """Answer of Position/searchOpen."""

    positions: list[PositionModel] | None = None


class CloseContractRequest(Request, kw_only=True):
    """POST /api/Position/closeContract."""

    account_id: Int32
    contract_id: str


class PartialCloseRequest(Request, kw_only=True):
    """POST /api/Position/partialCloseContract."""

    account_id: Int32
    contract_id: str
    size: Int32


class TradeSearchRequest(Request, omit_defaults=True, kw_only=True):
    """POST /api/Trade/search."""

    account_id: Int32
    start_timestamp: datetime | None = None
    end_timestamp: datetime | None = None


class TradeModel(Wire, kw_only=True):
    """One half-turn; ``profit_and_loss`` null on the opening half, gross of fees."""

    id: int | str
    account_id: int
    contract_id: str
    creation_timestamp: datetime
    price: float
    profit_and_loss: float | None = None
    fees: float = 0.0
    commissions: float | None = None
    side: int
    size: int
    voided: bool = False
    order_id: int | str


class TradesResponse(Envelope, kw_only=True):
    """Answer of Trade/search."""

    trades: list[TradeModel] | None = None


class ProblemDetails(Wire, omit_defaults=True, kw_only=True):
    """HTTP 400 body of a malformed request."""

    type: str
    title: str
    status: int
    errors: dict[str, list[str]] | None = None
    detail: str | None = None
    instance: str | None = None
    trace_id: str | None = None
