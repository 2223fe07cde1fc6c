"""Contracts and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine import grid_of, venue_calendar
from tradedesk.gateway.wire.rest import (
    BarsResponse,
    ContractAvailableRequest,
    ContractByIdRequest,
    ContractResponse,
    ContractSearchRequest,
    ContractsResponse,
    RetrieveBarsRequest,
)
from tradedesk.practice.market.source import Past
from tradedesk.practice.rest.envelope import post
from tradedesk.practice.stamps import nanoseconds
from tradedesk.practice.wire_models import bar_models, contract_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import Route

    from tradedesk.gateway.wire.base import Envelope
    from tradedesk.practice.products import Contract
    from tradedesk.practice.world import World

MOST_ROWS: Final = 20
LARGEST_LIMIT: Final = 20_000
"""Of retrieveBars; the answer may hold fewer, see ``most_bars``."""
CONTRACT_NOT_FOUND, UNIT_INVALID, NUMBER_INVALID, LIMIT_INVALID = 1, 2, 3, 4
_FOR_EVER: Final = 2**63 - 1
_UNITS: Final = {
    1: BarUnit.SECOND,
    2: BarUnit.MINUTE,
    3: BarUnit.HOUR,
    4: BarUnit.DAY,
    5: BarUnit.WEEK,
    6: BarUnit.MONTH,
}


def routes(world: World) -> list[Route]:
    """Routes of this family."""
    return [
        post(world, "/api/Contract/search", ContractSearchRequest, search),
        post(world, "/api/Contract/searchById", ContractByIdRequest, search_by_id),
        post(world, "/api/Contract/available", ContractAvailableRequest, available),
        post(world, "/api/History/retrieveBars", RetrieveBarsRequest, retrieve_bars),
    ]


async def search(world: World, request: ContractSearchRequest) -> Envelope:
    """At most 20 active contracts by a text; none of the live tier."""
    found = [] if request.live else matching(world.market.active(), request.search_text or "")
    return ContractsResponse(
        success=True,
        error_code=0,
        contracts=[contract_model(one, True) for one in found[:MOST_ROWS]],
    )


def matching(contracts: Sequence[Contract], text: str) -> list[Contract]:
    """Contracts that a text finds: first by symbol, root or name, then by description.

    The text may stand anywhere, in any case. So ``ES`` finds ES and MES by their symbols and then,
    for the words Notes, Japanese and Peso, ZF, 6J, 6M and ZN, as production does. Each part is in
    the order of the roots.
    """
    wanted = text.strip().lower()
    in_order = sorted(contracts, key=lambda one: (not _named(one, wanted), one.product.root))
    return [one for one in in_order if _named(one, wanted) or wanted in one.description.lower()]


def _named(contract: Contract, wanted: str) -> bool:
    product = contract.product
    return (
        wanted in product.symbol.lower()
        or wanted in product.root.lower()
        or wanted == contract.contract_id.lower()
        or contract.name.lower().startswith(wanted)
    )


async def search_by_id(world: World, request: ContractByIdRequest) -> Envelope:
    """One contract, expired ones included."""
    contract = world.find(request.contract_id)
    if contract is None:
        return ContractResponse(success=False, error_code=CONTRACT_NOT_FOUND)
    model = contract_model(contract, world.is_active(contract))
    return ContractResponse(success=True, error_code=0, contract=model)


async def available(world: World, request: ContractAvailableRequest) -> Envelope:
    """All active contracts; none of the live tier."""
    found = [] if request.live else world.market.active()
    return ContractsResponse(
        success=True, error_code=0, contracts=[contract_model(one, True) for one in found]
    )


async def retrieve_bars(world: World, request: RetrieveBarsRequest) -> Envelope:
    """Bars whose opening times lie in a window, both ends included, the newest first."""
    contract = world.find(request.contract_id)
    if contract is None:
        return BarsResponse(success=False, error_code=CONTRACT_NOT_FOUND)
    code, spec = _spec(request)
    if request.live and world.config.live_bars == "not_found":
        code, spec = CONTRACT_NOT_FOUND, None
    if spec is None:
        return BarsResponse(success=False, error_code=code)
    traded = Past(contract, _FOR_EVER) if world.is_active(contract) else world.market.past(contract)
    if request.live or traded is None:
        return BarsResponse(success=True, error_code=0, bars=[])
    limit = min(request.limit, world.config.most_bars)
    start_ns = nanoseconds(request.start_time)
    end_ns = min(nanoseconds(request.end_time), traded.until_ns - 1)
    forming = 0 if request.include_partial_bar else 1
    now_ns = world.now_ns()
    bars = await world.floor.bars(traded.contract, spec, start_ns, end_ns, limit + forming)
    if forming and len(bars):
        grid = grid_of(spec, venue_calendar(spec, now_ns))
        if grid.next(int(bars.ts_ns[-1])) > now_ns:
            bars = bars[:-1]
    bars = bars[-limit:]
    return BarsResponse(success=True, error_code=0, bars=bar_models(bars, contract.product.tick))


def _spec(request: RetrieveBarsRequest) -> tuple[int, BarSpec | None]:
    unit = _UNITS.get(request.unit)
    if unit is None:
        return UNIT_INVALID, None
    if not 1 <= request.limit <= LARGEST_LIMIT:
        return LIMIT_INVALID, None
    try:
        return 0, BarSpec(request.unit_number, unit)
    except BarSpecError:
        return NUMBER_INVALID, None
