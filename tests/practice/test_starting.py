"""What a venue is started with counts, or is refused in one sentence; nothing is passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tradedesk.app.practice_main import VenueOptions, main, make_venue
from tradedesk.domain.errors import InputError
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.server import Venue
from tradedesk.practice.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.practice.market.tape import Touch

START = datetime(2026, 11, 20, 15, tzinfo=UTC)


def world_of(venue: Venue) -> World:
    return World(venue._config, venue._clock, venue._market, venue._accounts, venue._hours)


def first_touch(venue: Venue) -> Touch:
    market = venue._market
    return market.tape(market.active()[0]).touch(int(START.timestamp()) * 10**9)


def recording(tmp_path: Path) -> Path:
    path = tmp_path / "ESU4.csv"
    rows = [f"{1_719_800_000_000 + 1_000 * i},buy,5500.25,1" for i in range(120)]
    path.write_text("\n".join(["time_ms,side,price,amount", *rows]))
    return path


def test_the_seed_of_a_knob_makes_the_market_that_is_announced() -> None:
    by_knob = make_venue(VenueOptions(start=START, settings=("seed=11",)))
    by_option = make_venue(VenueOptions(start=START, seed=11))
    other = make_venue(VenueOptions(start=START, seed=12))
    touches = [first_touch(venue) for venue in (by_knob, by_option, other)]
    assert touches[0] == touches[1] != touches[2]
    assert world_of(by_knob).config.seed == 11


def test_knobs_name_the_accounts_and_fill_the_practice_one() -> None:
    options = VenueOptions(
        start=START,
        accounts=("practice", "combine-50k"),
        settings=("account_id=77", "account_name=MINE", "balance=1234.50"),
    )
    world = world_of(make_venue(options))
    wire = [world.account(account_id) for account_id in world.accounts]
    assert [(one.id, one.name, one.balance) for one in wire] == [
        (77, "MINE", 1234.5),
        (78, "50KTC-V2-70001-10000002", 50_000.0),
    ]


def test_a_venue_in_process_knows_the_same_knobs() -> None:
    plain = make_venue(VenueOptions(start=START))
    venue = Venue(VenueConfig(balance=Decimal(5)), plain._clock, plain._market)
    assert world_of(venue).account(50_012_345).balance == 5


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (("balance=-1",), "balance cannot be '-1': give an amount of dollars"),
        (("balance=1e400",), "balance cannot be '1e400'"),
        (("account_id=2147483647",), "2 accounts from 2147483647 pass 2147483647: begin lower."),
    ],
)
def test_a_knob_beyond_reason_is_refused(settings: tuple[str, ...], complaint: str) -> None:
    options = VenueOptions(settings=settings, accounts=("practice", "practice"))
    with pytest.raises(InputError) as refused:
        make_venue(options)
    assert complaint in str(refused.value)


def test_a_recording_can_begin_in_its_middle(tmp_path: Path) -> None:
    path = recording(tmp_path)
    middle = datetime.fromtimestamp(1_719_800_060, UTC)
    venue = make_venue(VenueOptions(replay=path, start=middle))
    assert venue._clock.now_ns() == 1_719_800_059 * 10**9  # one second before
    with pytest.raises(InputError) as refused:
        make_venue(VenueOptions(replay=path, start=START))
    assert str(refused.value) == (
        f"{path} reaches from 2024-07-01T02:13:20Z to 2024-07-01T02:15:19Z: "
        "give a --start in between."
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"hours": "exchange", "replay": True}, "leave --hours out"),
        ({"stepped": True, "speed": 3.0}, "leave --speed out"),
        ({"script": True, "speed": 3.0}, "leave --speed out"),
        ({"script": True, "start": START}, "write 'start' in it"),
        ({"script": True, "drill": "lost-fill"}, "give --script or --drill"),
    ],
)
def test_what_would_be_passed_over_is_refused(
    options: dict[str, object],
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = tmp_path / "script.toml"
    script.write_text('until = 0.1\n[[step]]\nget = "/api/Status/ping"\n')
    files = {"replay": recording(tmp_path), "script": script}
    given = {name: files.get(name, value) for name, value in options.items()}
    assert main(VenueOptions(**given)) == 2  # type: ignore[arg-type]
    said, complaints = capsys.readouterr()
    assert said == ""
    assert complaint in complaints
    assert complaints.count("\n") == 1
