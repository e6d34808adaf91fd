"""What a name in a register stands for: units and fields by key, code or name, as people write them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.fuzz import WRatio

from services.intake.domain.opinion.registering import Named
from shared.directory.snapshot import Directory
from shared.text import syllables

NEAR: Final = 3  # how many names are offered
LIKE: Final = 60.0  # how like a name must be to be offered, of 100
TURNS_KEPT: Final = 64

# What a unit is called before its own name; it is left out in writing where it decides nothing.
_KINDS: Final = ("van phong", "thanh pho", "thi tran", "thi xa", "phong", "phuong", "huyen", "xa", "so", "ban")

Spellings = Mapping[str, frozenset[str]]
Pairs = Sequence[tuple[str, str]]


class Names:
    """The names of a day: keys with what they are written as, of units by key and code, by name or alias, and of fields."""

    def __init__(self, keys: Pairs, names: Pairs, fields: Pairs) -> None:
        self._labels = {**dict(reversed(names)), **dict(fields)}
        self._units = _spelled(keys, names)
        self._fields = _spelled([(key, key) for key, _ in fields], fields)

    def unit(self, written: str | None) -> Named:
        """The unit that is meant, of the keys and names of the day."""
        return self._named(written, self._units)

    def field(self, written: str | None) -> Named:
        """The field that is meant."""
        return self._named(written, self._fields)

    def _named(self, written: str | None, spellings: tuple[Spellings, ...]) -> Named:
        if written is None:
            return Named()
        folded = _folded(written)
        for each in spellings:
            keys = sorted(each.get(folded, ()))
            if len(keys) == 1:
                return Named(written=written, key=keys[0])
            if keys:
                return Named(written=written, several=True, near=tuple(map(self._shown, keys[:NEAR])))
        candidates = list(dict.fromkeys(name for each in spellings for name in each))
        found = process.extract(folded, candidates, scorer=WRatio, limit=NEAR * 3, score_cutoff=LIKE)
        near = dict.fromkeys(key for name, _, _ in found for each in spellings for key in sorted(each.get(name, ())))
        return Named(written=written, near=tuple(map(self._shown, list(near)[:NEAR])))

    def _shown(self, key: str) -> str:
        return f"{key} ({self._labels.get(key, key)})"


@lru_cache(maxsize=TURNS_KEPT)
def _of_turn(turn: "_Turn") -> Names:
    directory = turn.directory
    units = directory.units.items()
    keys = [*((key, key) for key, _ in units), *((key, unit.code) for key, unit in units)]
    aliases = [(key, spelling) for spelling, of in directory.spellings.items() for key in sorted(of)]
    names = [*((key, unit.name) for key, unit in units), *aliases]
    return _of_names(tuple(keys), tuple(names), tuple((key, field.name) for key, field in directory.fields.items()))


# From one turn to the next hardly anything is called otherwise.
_of_names = lru_cache(maxsize=TURNS_KEPT)(Names)


class _Turn:
    """A directory as a key: all days between two of its turns share their units, and no other installation's do."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def __hash__(self) -> int:
        return id(self.directory.units)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turn) and self.directory.units is other.directory.units


def names_of(directory: Directory) -> Names:
    """The names of a directory, made once for each."""
    return _of_turn(_Turn(directory))


def _spelled(keys: Iterable[tuple[str, str]], names: Iterable[tuple[str, str]]) -> tuple[Spellings, ...]:
    """By what is written, whom it means: keys and codes first, then names, then names without what they begin with."""
    exact, named, short = dict[str, set[str]](), dict[str, set[str]](), dict[str, set[str]]()
    for key, written in keys:
        exact.setdefault(_folded(written), set()).add(key)
    for key, written in names:
        folded = _folded(written)
        named.setdefault(folded, set()).add(key)
        kind = next((each for each in _KINDS if folded.startswith(f"{each} ")), None)
        if kind is not None:
            short.setdefault(folded.removeprefix(f"{kind} "), set()).add(key)
    return tuple({name: frozenset(found) for name, found in each.items()} for each in (exact, named, short))


def _folded(written: str) -> str:
    return " ".join(syllables(written))
