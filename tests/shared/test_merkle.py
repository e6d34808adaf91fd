"""The tree against RFC 6962: known vectors, and the recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash

# The leaves and roots with which implementations of RFC 6962 test themselves (certificate-transparency's reference tests).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1 defines it: split at the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(naive(leaves[:split]), naive(leaves[split:]))


def grown(leaves: list[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_vectors(size: int) -> None:
    assert grown(LEAVES[:size]).root().hex() == ROOTS[size]


def test_a_growing_tree_has_at_every_size_the_root_of_the_definition() -> None:
    leaves = [n.to_bytes(3, "big") for n in range(200)]
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT
    for size, leaf in enumerate(leaves, start=1):
        frontier.add(leaf)
        assert frontier.root() == naive(leaves[:size])


@given(st.lists(st.binary(max_size=8), max_size=40), st.lists(st.binary(max_size=8), max_size=40))
def test_a_stored_frontier_grows_on_as_if_it_had_never_been_stored(before: list[bytes], after: list[bytes]) -> None:
    frontier = grown(before)
    taken_up = Frontier.from_bytes(frontier.size, frontier.to_bytes())
    for leaf in after:
        taken_up.add(leaf)
    assert taken_up.root() == naive(before + after)


def test_a_frontier_of_another_size_is_refused() -> None:
    stored = grown([b"a", b"b", b"c"]).to_bytes()
    with pytest.raises(ValueError, match="do not make a tree of 4 leaves"):
        Frontier.from_bytes(4, stored)
    with pytest.raises(ValueError, match="do not make a tree of 3 leaves"):
        Frontier.from_bytes(3, stored[:-1])


def test_leaf_and_node_never_pass_for_one_another() -> None:
    assert leaf_hash(b"a" * 64) != node_hash(b"a" * 32, b"a" * 32)
