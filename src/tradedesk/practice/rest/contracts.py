"""Contracts and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine import TimeGrid
from tradedesk.gateway.wire.rest import (
    BarsResponse,
    ContractAvailableRequest,
    ContractByIdRequest,
    ContractResponse,
    ContractSearchRequest,
    ContractsResponse,
    RetrieveBarsRequest,
)
from tradedesk.practice.rest.envelope import post
from tradedesk.practice.stamps import nanoseconds
from tradedesk.practice.wire_models import bar_models, contract_model

if TYPE_CHECKING:
    from starlette.routing import Route

    from tradedesk.gateway.wire.base import Envelope
    from tradedesk.practice.products import Contract
    from tradedesk.practice.world import World

MOST_ROWS: Final = 20
CONTRACT_NOT_FOUND, UNIT_INVALID, NUMBER_INVALID, LIMIT_INVALID = 1, 2, 3, 4
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
    """Active contracts whose symbol, root or description holds a text; none of the live tier."""
    text = (request.search_text or "").strip().lower()
    found = [] if request.live else [one for one in world.market.active() if _holds(one, text)]
    return ContractsResponse(
        success=True,
        error_code=0,
        contracts=[contract_model(one, True) for one in found[:MOST_ROWS]],
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
    """Bars of a window, newest first."""
    contract = world.find(request.contract_id)
    if contract is None:
        return BarsResponse(success=False, error_code=CONTRACT_NOT_FOUND)
    code, spec = _spec(request, world.config.most_bars)
    if spec is None:
        return BarsResponse(success=False, error_code=code)
    if request.live or not world.is_active(contract):
        return BarsResponse(success=True, error_code=0, bars=[])
    start_ns, end_ns = nanoseconds(request.start_time), nanoseconds(request.end_time)
    forming = 0 if request.include_partial_bar else 1
    now_ns = world.now_ns()
    bars = await world.floor.bars(contract, spec, start_ns, end_ns, request.limit + forming)
    if forming and len(bars):
        grid = TimeGrid(spec, world.market.session_offset_ns)
        if grid.next(int(bars.ts_ns[-1])) > now_ns:
            bars = bars[:-1]
    bars = bars[-request.limit :]
    return BarsResponse(success=True, error_code=0, bars=bar_models(bars, contract.product.tick))


def _holds(contract: Contract, text: str) -> bool:
    product = contract.product
    places = (product.symbol, product.root, contract.name, contract.description)
    return any(text in place.lower() for place in places)


def _spec(request: RetrieveBarsRequest, most: int) -> tuple[int, BarSpec | None]:
    unit = _UNITS.get(request.unit)
    if unit is None:
        return UNIT_INVALID, None
    if not 1 <= request.limit <= most:
        return LIMIT_INVALID, None
    try:
        return 0, BarSpec(request.unit_number, unit)
    except BarSpecError:
        return NUMBER_INVALID, None
