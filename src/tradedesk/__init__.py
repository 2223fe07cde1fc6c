"""A desktop for click-trading futures on the ProjectX Gateway.

Scripts use the same desk without its window::

    import asyncio
    import tradedesk
    from tradedesk.domain.order import Side

    async def main():
        async with tradedesk.connect() as desk:
            await desk.place_market_order(
                "MNQ", Side.BUY, 1, stop_loss_ticks=20, take_profit_ticks=40
            )

    asyncio.run(main())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.version import __version__

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    from tradedesk.services.desk import Desk

__all__ = ["__version__", "connect"]


def connect(
    venue: str = "practice",
    *,
    seed: int = 7,
    replay: str | os.PathLike[str] | None = None,
    speed: float = 1.0,
    practice: Sequence[str] = (),
    home: str | os.PathLike[str] | None = None,
    armed: bool = True,
) -> AbstractAsyncContextManager[Desk]:
    """Open a desk without a window: ``async with tradedesk.connect() as desk``.

    Parameters
    ----------
    venue : str
        ``practice`` (started on demand, no account needed) or a firm such as ``topstepx``, whose
        user name and key are in the system keyring.
    seed, replay, speed
        How the practice venue is started: one seed is one market; ``replay`` is a recording;
        venue time runs ``speed`` times as fast as real time.
    practice : sequence of str
        Further words of the command line of ``tradedesk practice``, such as
        ``("--account", "combine-50k")``.
    home : path, optional
        Folder for all data; ``TRADEDESK_HOME`` or the system's own folders if left out.
    armed : bool
        Whether entries are allowed from the start.

    Returns
    -------
    async context manager of Desk
        On leaving, a desk with nothing open ends the executor and the practice venue; otherwise
        both go on, so that the exits of a position stay guarded.

    Raises
    ------
    AuthError
        If the venue refuses the credentials, or none are stored.
    StartError
        If another desk is open, or a part does not start.
    """
    # Only here: a bare import of the package must load nothing.
    from tradedesk.app.headless import connect as open_desk

    return open_desk(
        venue,
        seed=seed,
        replay=replay,
        speed=speed,
        practice=practice,
        home=home,
        armed=armed,
    )
