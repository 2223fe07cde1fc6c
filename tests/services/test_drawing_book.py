"""Edits of drawings: everything can be undone, and redone; one book for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.ids import ContractId
from tradedesk.services.drawings.book import MOST_DRAWINGS, MOST_STEPS, DrawingBook
from tradedesk.services.drawings.drawing import ANCHORS, Anchor, Drawing, Kind
from tradedesk.services.drawings.record import DrawingRecord, read_record, record_content
from tradedesk.services.drawings.shelf import DrawingShelf
from tradedesk.store.record_file import Form
from tradedesk.store.record_folder import RecordFolder

if TYPE_CHECKING:
    from pathlib import Path

MNQ = ContractId("CON.F.US.MNQ.Z26")


def drawing(id: str, ticks: int = 100, kind: Kind = Kind.TREND) -> Drawing:
    anchors = tuple(Anchor(1_000 + n, ticks + n) for n in range(ANCHORS[kind]))
    return Drawing(id=id, kind=kind, anchors=anchors)


def edit(book: DrawingBook, what: str, at: int, ticks: int) -> None:
    """Do one thing to a book, at a drawing counted around."""
    shown = book.drawings
    chosen = shown[at % len(shown)] if shown else None
    if what == "add" or chosen is None:
        book.add(drawing(book.new_id(), ticks))
    elif what == "add two":
        book.add(drawing(book.new_id(), ticks), drawing(book.new_id(), ticks, Kind.RISK))
    elif what == "remove":
        book.remove([chosen.id])
    elif what == "remove some":
        book.remove([d.id for d in shown[:: 1 + at % 3]] + ["nobody"])
    elif what == "change":
        book.change(chosen.at(0, Anchor(5, ticks)), drawing("nobody"))
    elif what == "change all":
        book.change(*(msgspec.structs.replace(d, locked=not d.locked) for d in shown))
    elif what == "front":
        book.bring_to_front(chosen.id)
    elif what == "copy":
        book.duplicate(chosen)


WHAT = ["add", "add two", "remove", "remove some", "change", "change all", "front", "copy"]
STEPS = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 20), st.integers(-500, 500)), max_size=40
)


@given(STEPS)
def test_all_steps_undone_are_the_start_and_redone_the_end(
    steps: list[tuple[str, int, int]],
) -> None:
    start = tuple(drawing(f"d{n}", n) for n in range(3))
    book = DrawingBook(start)
    seen = [start]
    for step in steps:
        before = book.drawings
        edit(book, *step)
        if book.drawings != before or book.drawings is not before:
            seen.append(book.drawings)
    end = book.drawings
    back = [end]
    while book.undo():
        back.append(book.drawings)
    assert book.drawings == start
    assert back[::-1] == [s for n, s in enumerate(seen) if n == 0 or s is not seen[n - 1]]
    while book.redo():
        pass
    assert book.drawings == end
    assert not book.can_redo


@given(STEPS, st.lists(st.sampled_from(["undo", "redo", *WHAT]), max_size=40))
def test_ids_stay_unique_whatever_is_done(
    steps: list[tuple[str, int, int]], more: list[str]
) -> None:
    book = DrawingBook()
    for step in steps:
        edit(book, *step)
    for number, what in enumerate(more):
        if what == "undo":
            book.undo()
        elif what == "redo":
            book.redo()
        else:
            edit(book, what, number, number)
        ids = [d.id for d in book.drawings]
        assert len(ids) == len(set(ids))


def test_a_new_step_forgets_what_was_undone() -> None:
    book = DrawingBook()
    book.add(drawing("d1"))
    book.undo()
    book.add(drawing("d2"))
    assert not book.redo()
    assert [d.id for d in book.drawings] == ["d2"]


def test_steps_are_bounded_and_so_are_drawings() -> None:
    book = DrawingBook()
    for number in range(MOST_DRAWINGS):
        book.add(drawing(f"d{number}"))
    with pytest.raises(InputError, match=f"{MOST_DRAWINGS} drawings .* remove some first"):
        book.add(drawing("one more"))
    assert len(book.drawings) == MOST_DRAWINGS
    undone = 0
    while book.undo():
        undone += 1
    assert undone == MOST_STEPS


def test_changes_that_change_nothing_are_no_steps() -> None:
    book = DrawingBook([drawing("d1"), drawing("d2")])
    told: list[int] = []
    book.subscribe(lambda: told.append(1))
    book.change(drawing("d1"))
    book.remove(["nobody"])
    book.bring_to_front("d2")
    book.bring_to_front("nobody")
    assert not book.can_undo
    assert told == []


def test_a_drawing_needs_its_anchors() -> None:
    with pytest.raises(ValueError, match="A trend drawing has 2 anchors, not 1"):
        Drawing(id="d1", kind=Kind.TREND, anchors=(Anchor(1, 1),))


# --- keeping ------------------------------------------------------------------------------------


def folder(path: Path) -> RecordFolder[DrawingRecord]:
    return RecordFolder(path / "drawings", DrawingRecord(), Form(read_record, record_content))


def test_drawings_come_back_after_a_restart(tmp_path: Path) -> None:
    shelf = DrawingShelf(folder(tmp_path))
    told: list[int] = []
    shelf.on_change = lambda: told.append(1)
    book = shelf.book(MNQ)
    assert shelf.book(MNQ) is book
    kept = [drawing(book.new_id(), 100 + n, kind) for n, kind in enumerate(Kind)]
    book.add(*kept)
    assert told == [1]
    shelf.flush()
    again = DrawingShelf(folder(tmp_path)).book(MNQ)
    assert list(again.drawings) == kept
    assert again.new_id() not in {d.id for d in kept}
    assert DrawingShelf(folder(tmp_path)).book(ContractId("CON.F.US.MES.Z26")).drawings == ()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"drawings": [{"id": "d1", "kind": "trend", "anchors": []}]}',
        b'{"drawings": [{"id": "d1", "anchors": []}]}',
        b'{"drawings": ["spiral"]}',
        b"[]",
        b'{"drawings": [{"id": "d1", "kind": "text", "anchors": [{"ts_ns": 1, '
        b'"ticks": 9999999999}]}]}',
        b'{"drawings": [{"id": "d1", "kind": "text", "anchors": [{"ts_ns": 1, "ticks": 1}], '
        b'"style": {"ink": "octarine"}}]}',
    ],
)
def test_a_damaged_file_is_set_aside_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    store = folder(tmp_path)
    store.save(MNQ, DrawingRecord())
    store.file(MNQ).write_bytes(content)
    said: list[str] = []
    shelf = DrawingShelf(store)
    shelf.on_trouble = said.append
    assert shelf.book(MNQ).drawings == ()
    assert len(said) == 1
    assert "unreadable" in said[0]
    assert "kept as of-CON.F.US.MNQ.Z26.json.broken-1" in said[0]
    assert store.file(MNQ).with_name("of-CON.F.US.MNQ.Z26.json.broken-1").read_bytes() == content


NEWER = """{
  "sync": {"desk": 7},
  "contract_id": "CON.F.US.MNQ.Z26",
  "drawings": [
    {"id": "d8", "kind": "spiral", "turns": 3},
    {"id": "d1", "kind": "text", "anchors": [{"ts_ns": 1, "ticks": 2, "bar": "open"}],
     "text": "old", "style": {"ink": "green", "glow": [1, 2]}, "author": {"desk": 7}},
    {"id": "d2", "kind": "horizontal", "anchors": [{"ts_ns": 1, "ticks": 5}]}
  ]
}"""


def test_what_a_newer_version_wrote_survives_this_one(tmp_path: Path) -> None:
    store = folder(tmp_path)
    store.save(MNQ, DrawingRecord())
    store.file(MNQ).write_text(NEWER)
    said: list[str] = []
    for text in ("new", "newer"):
        shelf = DrawingShelf(store)
        shelf.on_trouble = said.append
        book = shelf.book(MNQ)
        assert [d.id for d in book.drawings] == ["d1", "d2"]
        book.change(msgspec.structs.replace(book.drawings[0].at(0, Anchor(3, 4)), text=text))
        shelf.flush()
    written = msgspec.json.decode(store.file(MNQ).read_bytes())
    spiral, kept, _plain = written["drawings"]
    assert written["sync"] == {"desk": 7}
    assert spiral == {"id": "d8", "kind": "spiral", "turns": 3}
    assert (kept["text"], kept["author"]) == ("newer", {"desk": 7})
    assert kept["anchors"] == [{"ts_ns": 3, "ticks": 4, "bar": "open"}]
    assert kept["style"] == {"ink": "green", "width": 1, "dash": "solid", "glow": [1, 2]}
    assert (
        said
        == [
            "Drawings of CON.F.US.MNQ.Z26 that a newer version made are not shown (spiral); they "
            "stay in the file."
        ]
        * 2
    )


def test_what_is_not_known_goes_with_its_drawing_and_comes_back_with_it(tmp_path: Path) -> None:
    store = folder(tmp_path)
    store.save(MNQ, DrawingRecord())
    store.file(MNQ).write_text(NEWER)
    shelf = DrawingShelf(store)
    book = shelf.book(MNQ)
    book.remove(["d1"])
    shelf.flush()
    assert "author" not in store.file(MNQ).read_text()
    book.undo()
    shelf.flush()
    assert msgspec.json.decode(store.file(MNQ).read_bytes())["drawings"][1]["author"] == {"desk": 7}


def test_a_new_drawing_has_no_id_that_one_of_a_newer_version_has(tmp_path: Path) -> None:
    store = folder(tmp_path)
    store.save(MNQ, DrawingRecord())
    store.file(MNQ).write_text(NEWER)
    assert DrawingShelf(store).book(MNQ).new_id() == "d9"


def test_a_file_that_the_disk_does_not_give_is_not_written_over(tmp_path: Path) -> None:
    store = folder(tmp_path)
    file = store.file(MNQ)
    file.mkdir(parents=True)  # reading it fails, and root may read all else
    (file / "kept").write_text("drawings")
    said: list[str] = []
    shelf = DrawingShelf(store)
    shelf.on_trouble = said.append
    shelf.book(MNQ).add(drawing("d1"))
    shelf.flush()
    assert len(said) == 1
    assert said[0].endswith("the old file is kept as of-CON.F.US.MNQ.Z26.json.broken-1.")
    assert (file.with_name(f"{file.name}.broken-1") / "kept").read_text() == "drawings"
    assert store.load(MNQ)[0].drawings == (drawing("d1"),)


def test_the_same_id_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    store = folder(tmp_path)
    store.save(MNQ, DrawingRecord(drawings=(drawing("d1", 5), drawing("d1", 9))))
    assert DrawingShelf(store).book(MNQ).drawings == (drawing("d1", 9),)


def test_what_cannot_be_written_is_said_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "drawings").write_text("a file where the folder should be")
    shelf = DrawingShelf(folder(tmp_path))
    said: list[str] = []
    shelf.on_trouble = said.append
    book = DrawingShelf().book(MNQ)
    assert book.drawings == ()
    shelf.book(MNQ).add(drawing("d1"))
    said.clear()
    shelf.flush()
    assert len(said) == 1
    assert said[0].startswith("Drawings are not saved: ")
    (tmp_path / "drawings").unlink()
    shelf.flush()
    assert len(said) == 1
    assert folder(tmp_path).load(MNQ)[0].drawings == (drawing("d1"),)


def test_keys_cannot_leave_the_folder(tmp_path: Path) -> None:
    store = folder(tmp_path)
    assert store.file("../../etc/x").parent == tmp_path / "drawings"
    with pytest.raises(StoreError):
        RecordFolder(tmp_path / "none" / ("x" * 300), DrawingRecord()).save("k", DrawingRecord())
