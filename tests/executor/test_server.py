"""Who may come in through the socket, and what it survives."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tradedesk.domain.errors import StartError
from tradedesk.domain.events import CommandDone, Phase
from tradedesk.services.executor_link import ExecutorLink, find_executor
from tradedesk.services.frames import COOKIE_BYTES, PROTOCOL, Hello, frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.executor.live_desk import LiveDesk

    from tradedesk.services.executor_link import ExecutorAddress


async def started(new_desk: Callable[..., LiveDesk]) -> tuple[LiveDesk, ExecutorAddress, bytes]:
    desk = new_desk()
    await desk.start(armed=False)
    found = find_executor(desk.config.runtime_file)
    assert found is not None
    return desk, *found


async def thrown_out(address: ExecutorAddress, *chunks: bytes) -> bytes:
    """What the executor says to somebody before it closes the door."""
    reader, writer = await asyncio.open_unix_connection(address.socket)
    try:
        for chunk in chunks:
            writer.write(chunk)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "chunks",
    [
        (frame(Hello(cookie=bytes(COOKIE_BYTES), role="desk")),),
        (frame(Hello(cookie=b"", role="desk")),),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",),
        (b"\xff" * 100_000,),
        (b"\x00\x00\x00\x05hello",),
        (b"\x00\x00\x00\x00",),
        (b"\x7f\xff\xff\xff" + bytes(10_000),),
        (),
    ],
    ids=["wrong cookie", "empty cookie", "http", "noise", "no msgpack", "empty", "huge", "silence"],
)
async def test_strangers_are_thrown_out_and_the_desk_does_not_notice(
    new_desk: Callable[..., LiveDesk], chunks: tuple[bytes, ...]
) -> None:
    desk, address, _ = await started(new_desk)
    assert await thrown_out(address, *chunks) == b""
    assert desk.phase is Phase.READY
    click = desk.give(_cancel_all(), account_id=desk.account_id)
    await desk.until(lambda: desk.answers(click, CommandDone))


def _cancel_all() -> type:
    from tradedesk.domain.commands import CancelAll

    return CancelAll


async def test_garbage_after_the_handshake_ends_that_connection_only(
    new_desk: Callable[..., LiveDesk],
) -> None:
    desk, address, cookie = await started(new_desk)
    said = await thrown_out(
        address, frame(Hello(cookie=cookie, role="panic")), b"\x00\x00\x00\x03\xc1\xc1\xc1"
    )
    assert b"welcome" in said or said == b""
    assert desk.phase is Phase.READY


async def test_a_second_desk_is_refused_with_a_sentence(
    new_desk: Callable[..., LiveDesk],
) -> None:
    desk, _, _ = await started(new_desk)
    second = new_desk()
    with pytest.raises(StartError, match="Another desk is attached"):
        await second.port.start()
    assert desk.phase is Phase.READY


async def test_an_older_protocol_is_refused_with_a_sentence(
    new_desk: Callable[..., LiveDesk],
) -> None:
    _, address, cookie = await started(new_desk)
    said = await thrown_out(
        address, frame(Hello(cookie=cookie, role="desk", protocol=PROTOCOL + 1))
    )
    assert b"speaks protocol" in said


async def test_nobody_else_can_read_what_is_ours(new_desk: Callable[..., LiveDesk]) -> None:
    desk, address, _ = await started(new_desk)
    socket = Path(address.socket)
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(socket)) < 100
    for file in (desk.config.cookie_file, desk.config.runtime_file, desk.config.journal_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.config.journal_file.parent.stat().st_mode) == 0o700


async def test_a_socket_that_nobody_listens_on(tmp_path: Path, desk_home: Path) -> None:
    from tradedesk.services.executor_link import ExecutorAddress, NobodyThereError

    address = ExecutorAddress(str(desk_home / "none.sock"), 0, "", 4711, "practice")
    with pytest.raises(NobodyThereError, match="4711"):
        await ExecutorLink.open(address, b"", lambda event: None, lambda reason: None)


async def test_traces_are_removed_at_the_end(new_desk: Callable[..., LiveDesk]) -> None:
    desk, address, _ = await started(new_desk)
    await desk.port.close(shutdown=True)
    assert not Path(address.socket).exists()
    assert not desk.config.runtime_file.exists()
    assert not desk.config.cookie_file.exists()


async def test_a_second_executor_for_one_login_is_refused(
    new_desk: Callable[..., LiveDesk],
) -> None:
    desk, _, _ = await started(new_desk)
    desk.config.runtime_file.rename(desk.config.runtime_file.with_suffix(".hidden"))
    second = new_desk()
    with pytest.raises(StartError, match="already serves this login"):
        await second.port.start()
