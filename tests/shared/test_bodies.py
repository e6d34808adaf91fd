"""A body is a JSON object whose keys each stand once: of two values nobody can tell which was meant."""

import pytest

from shared.bodies import NotAnObject, object_of


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (b"{}", {}),
        (b'{"a": {"b": 1}, "c": [{"b": 2}, {"b": 3}]}', {"a": {"b": 1}, "c": [{"b": 2}, {"b": 3}]}),
        (b'{"n": 12345678901234567, "r": 0.5, "t": "\\u00e1"}', {"n": 12345678901234567, "r": 0.5, "t": "á"}),
    ],
)
def test_an_object_is_read_as_it_stands(sent: bytes, found: object) -> None:
    assert object_of(sent) == found


@pytest.mark.parametrize(
    "sent",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"due": {"day": 1, "day": 2}}',
        b'{"parts": [{"words": 1, "words": 2}]}',
    ],
)
def test_a_key_that_stands_twice_is_refused_however_deep(sent: bytes) -> None:
    with pytest.raises(NotAnObject):
        object_of(sent)


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"1", b"{", b'{"a": NaN}', b'{"a": "\xff"}', b'{"a":' + b"[" * 1000 + b"]" * 1000 + b"}"]
)
def test_what_is_no_object_is_refused(sent: bytes) -> None:
    with pytest.raises(NotAnObject):
        object_of(sent)
