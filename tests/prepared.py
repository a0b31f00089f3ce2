"""What many tests begin with: built in a database once in each process, copied from then on."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from survey.keys import KeyRing
from survey.store.database import Database

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class _Built:
    file: bytes
    keys: Mapping[str, bytes]
    result: Any


_empty: dict[Path, tuple[int, int, int]] = {}
_built: dict[Hashable, _Built] = {}


def remember_empty(path: Path) -> None:
    """The SQLite file at ``path`` has the tables and nothing in them: what was built can be put in its place."""
    _empty[path] = _state(path)


def prepared(build: Callable[Concatenate[Database, P], R]) -> Callable[Concatenate[Database, P], R]:
    """Let ``build(database, …)`` run once for the same arguments as long as the SQLite database is empty.

    A :class:`KeyRing` among the arguments gets copies of the keys, and is ``keys`` of the result. PostgreSQL, a
    database with something in it and arguments that cannot be compared: it is built there.
    """

    @wraps(build)
    def give(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> R:
        ring = next((value for value in (*args, *kwargs.values()) if isinstance(value, KeyRing)), None)
        path = database.path
        if path is None or _empty.pop(path, None) != _state(path) or (ring and ring.folder.exists()):
            return build(database, *args, **kwargs)
        key = (build.__module__, build.__qualname__, *map(_name, args), *((n, _name(v)) for n, v in kwargs.items()))
        try:
            found = _built.get(key)
        except TypeError:
            return build(database, *args, **kwargs)
        if found is None:
            result = build(database, *args, **kwargs)
            database.close()  # the last connection leaves one file
            _built[key] = _Built(file=path.read_bytes(), keys=_read(ring), result=result)
            return result
        database.close()
        path.unlink()  # a connection to the empty file must not go on with this one
        path.write_bytes(found.file)
        if ring is None:
            return found.result  # type: ignore[no-any-return]
        _write(ring, found.keys)
        return replace(found.result, keys=ring)  # type: ignore[no-any-return]

    return give


def _state(path: Path) -> tuple[int, int, int]:
    """What changes when something is stored: the file, or what SQLite keeps beside it."""
    found, beside = path.stat(), path.with_name(path.name + "-wal")
    return found.st_ino, found.st_mtime_ns, beside.stat().st_size if beside.exists() else 0


def _name(value: object) -> Hashable:
    return KeyRing if isinstance(value, KeyRing) else value  # type: ignore[return-value]


def _read(ring: KeyRing | None) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in ring.folder.iterdir()} if ring and ring.folder.exists() else {}


def _write(ring: KeyRing, keys: Mapping[str, bytes]) -> None:
    if keys:
        ring.folder.mkdir(mode=0o700, parents=True)
    for name, key in keys.items():
        path = ring.folder / name
        path.touch(mode=0o600)
        path.write_bytes(key)
