"""Every place where files may lie keeps one contract; what this cannot catch is an object store's own failures."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.blobs.place import Place, PlaceUnavailable, at, in_memory

MAKE: dict[str, Callable[[Path], Place]] = {
    "folder": lambda path: at(path / "blobs"),
    "file URL": lambda path: at(f"file://{path / 'blobs'}"),
    "memory": lambda _path: in_memory(),
}


@pytest.fixture(params=MAKE)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return MAKE[request.param](tmp_path)


async def listed(place: Place, under: str) -> list[str]:
    return sorted([lying.name async for lying in place.lying(under)])


async def test_what_was_put_is_read_whole_or_from_its_beginning(place: Place) -> None:
    assert await place.put("t/ab/abc", b"0123456789")
    assert await place.read("t/ab/abc") == b"0123456789"
    assert await place.read("t/ab/abc", first=4) == b"0123"
    assert await place.read("t/ab/abc", first=99) == b"0123456789"


async def test_where_nothing_lies_nothing_is_read_and_removing_it_is_no_fault(place: Place) -> None:
    assert await place.read("t/none") is None
    assert await place.read("t/none", first=4) is None
    assert await listed(place, "t") == []
    await place.remove("t/none")


async def test_what_lies_there_is_not_overwritten_unless_that_is_asked(place: Place) -> None:
    assert await place.put("t/a", b"first")
    assert not await place.put("t/a", b"second")
    assert await place.read("t/a") == b"first"
    assert await place.put("t/a", b"third", replace=True)
    assert await place.read("t/a") == b"third"


async def test_what_was_removed_is_gone(place: Place) -> None:
    await place.put("t/a", b"first")
    await place.remove("t/a")
    assert await place.read("t/a") is None
    assert await place.put("t/a", b"again")


async def test_a_folder_is_listed_with_the_time_since_when_each_lies_there(place: Place) -> None:
    for name in ("t/aa/1", "t/bb/2", "other/aa/3"):
        await place.put(name, b"x")
    assert await listed(place, "t") == ["t/aa/1", "t/bb/2"]
    found = [lying async for lying in place.lying("t")]
    assert all(abs(datetime.now(UTC) - lying.since) < timedelta(minutes=5) for lying in found)


async def test_a_name_that_leads_out_of_the_place_is_refused(place: Place) -> None:
    with pytest.raises((ValueError, PlaceUnavailable)):
        await place.put("../out", b"x")


async def test_a_folder_is_made_for_its_owner_alone_and_only_when_something_is_put(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "blobs"
    place = at(folder)
    assert await place.read("t/a") is None
    assert not folder.exists()
    await place.put("t/a", b"x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_place_that_cannot_be_written_to_is_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"a file where the folder should be")
    place = at(tmp_path / "blobs")
    with pytest.raises(PlaceUnavailable):
        await place.put("t/a", b"x")


@pytest.mark.parametrize("url", ["ftp://x/y", "blobs", "https://example.org/x", "memory:///"])
def test_a_url_of_another_scheme_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="s3://"):
        at(url)


def test_an_object_store_is_named_by_its_url_and_opened_later() -> None:
    assert isinstance(at("s3://bucket/folder"), Place)
