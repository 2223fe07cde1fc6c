"""The window with all latency figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication
from tests.ui.fakes.desk import ACCOUNT, MNQ_ID, MS, SECOND, FakeClock, FakeDesk, intent

from tradedesk.domain import events as ev
from tradedesk.domain.latency import LatencyRecord
from tradedesk.services.latency_figures import Period
from tradedesk.services.latency_log import LatencyLog
from tradedesk.ui.latency.report import LatencyReport, _LineGrid

DAY = 24 * 3_600 * SECOND


def record(number: int, clock: FakeClock, age_ns: int = 0, kind: str = "place") -> LatencyRecord:
    return LatencyRecord(
        key=f"{kind}-{number}",
        wall_ns=clock.wall_ns() - age_ns - number,
        venue="practice",
        account_id=ACCOUNT,
        contract_id=MNQ_ID,
        kind=kind,
        text=f"{kind} {number}",
        received=MS // 5,
        journaled=MS // 4,
        written=2 * MS,
        reply=(90 + number) * MS,
        shown=(95 + number) * MS,
    )


@pytest.fixture
def report(dressed: QApplication) -> Iterator[LatencyReport]:
    clock = FakeClock()
    log = LatencyLog()
    log.venue = "practice"
    log.remember(
        [record(number, clock) for number in range(5)]
        + [record(number, clock, kind="cancel") for number in range(2)]
        + [record(9, clock, age_ns=3 * DAY), record(8, clock, age_ns=30 * DAY)]
    )
    made = LatencyReport(log, clock)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def shown(report: LatencyReport) -> LatencyReport:
    report.show()
    QApplication.processEvents()
    return report


def figure(report: LatencyReport, row: int, column: int) -> str:
    return report.steps.values[row][column].text


def test_the_columns_of_both_grids_stand_in_line(report: LatencyReport) -> None:
    shown(report)

    def edges(grid: _LineGrid, row: int) -> list[tuple[int, int]]:
        labels = [grid.names[row], grid.owners[row], *grid.values[row], grid.counts[row]]
        left = [label.mapTo(report, QPoint(0, 0)).x() for label in labels]
        return [(x, x + label.width()) for x, label in zip(left, labels, strict=True)]

    places = {
        (edges(grid, row)[column])
        for column in range(2 + len(report.steps.values[0]) + 1)
        for grid in (report.steps, report.by_kind)
        for row in range(len(grid.names))
    }
    assert len(places) == 2 + len(report.steps.values[0]) + 1


def test_it_opens_on_today_with_all_kinds(report: LatencyReport) -> None:
    shown(report)
    assert len(report.records) == 7
    assert figure(report, 0, 0) == "2.0 ms"
    assert [figure(report, 3, column) for column in (0, 4)] == ["91.0 ms", "94.0 ms"]
    assert [label.text for label in report.by_kind.counts] == ["5", "—", "2", "—"]
    assert "7 orders and changes at practice" in report.said.text()


def test_periods_and_kinds_choose(report: LatencyReport) -> None:
    shown(report)
    for period, count in ((Period.WEEK, 8), (Period.ALL, 9), (Period.TODAY, 7)):
        report.periods.button(period).click()
        assert len(report.records) == count
    report.kinds.button("cancel").click()
    assert {one.kind for one in report.records} == {"cancel"}
    report.kinds.button("close").click()
    assert report.records == []
    assert report.said.text().startswith("No close order at practice today yet.")
    assert not report.save_button.isEnabled()


def test_few_orders_are_no_firm_p99(report: LatencyReport) -> None:
    shown(report)
    dim = [label.toolTip() for label in report.steps.values[3]]
    assert dim[0] == dim[4] == ""
    assert dim[2] == "7 values are too few for p99: this is the longest one"


def test_csv_goes_to_the_clipboard_and_to_a_file(report: LatencyReport, tmp_path: Path) -> None:
    shown(report)
    report.kinds.button("cancel").click()
    report.copy_button.click()
    copied = QApplication.clipboard().text()
    rows = list(csv.DictReader(io.StringIO(copied)))
    assert [row["order"] for row in rows] == ["cancel 1", "cancel 0"]
    assert rows[0]["click_to_reply_ms"] == "91.000"
    assert rows[0]["to_screen_ms"] == "5.000"
    assert report.said.text() == "Copied 2 rows."
    report.write(tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text("utf-8") == copied
    report.write(tmp_path / "no" / "where.csv")
    assert report.said.text().startswith("where.csv was not written: No such file")


def test_pictures_of_nothing_and_of_much_are_drawn(report: LatencyReport) -> None:
    shown(report)
    full = report.grab().toImage()
    report.kinds.button("close").click()
    QApplication.processEvents()
    assert report.grab().toImage() != full


def test_the_card_opens_it_and_it_follows_new_orders(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk()
    desk.ready()
    card = desk.window.widgets.latency
    card.details.click()
    assert card.report is not None
    assert card.report.isVisible()
    card.report.periods.button(Period.ALL).click()
    before = len(card.report.records)
    asked = intent(1, limit=None, state=ev.IntentState.ACCEPTED, reply_ms=92.0, fill_ms=96.4)
    desk.apply(ev.IntentChanged(intent=asked))
    desk.frame()
    QApplication.processEvents()
    desk.frame()
    assert len(card.report.records) == before + 1
    newest = desk.window.latency.run[-1]
    assert newest.told is not None
    assert newest.shown is not None
    assert newest.shown >= newest.told
    card.report.close()
