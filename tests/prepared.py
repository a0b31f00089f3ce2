"""What many tests begin with: built in a database once in each process, copied from then on."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from survey.keys import KeyRing
from survey.store.database import Database

P = ParamSpec("P")
R = TypeVar("R")
State = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class _Built:
    file: bytes
    keys: Mapping[str, bytes]
    result: Any


#: What is in a SQLite file, as the calls that built it, and how the file looked then.
_known: dict[Path, tuple[Hashable, State]] = {}
_built: dict[Hashable, _Built] = {}


def remember_empty(path: Path) -> None:
    """The SQLite file at ``path`` has the tables and nothing in them: what was built can be put in its place."""
    _known[path] = (), _state(path)


def prepared(build: Callable[Concatenate[Database, P], R]) -> Callable[Concatenate[Database, P], R]:
    """Let ``build(database, …)`` run once for the same arguments on the same SQLite database: an empty one, or one
    with nothing in it but what such calls have built.

    A :class:`KeyRing` among the arguments gets copies of the keys; ``keys`` and ``database`` of the result are those
    of the call. PostgreSQL, other databases and arguments that cannot be compared: it is built there.
    """

    @wraps(build)
    def give(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> R:
        ring = next((value for value in (*args, *kwargs.values()) if isinstance(value, KeyRing)), None)
        path = database.path
        inside, then = _known.pop(path, (None, None)) if path else (None, None)
        if path is None or then != _state(path) or (ring and ring.folder.exists()):
            return build(database, *args, **kwargs)
        call = build.__module__, build.__qualname__, *map(_name, args), *((n, _name(v)) for n, v in kwargs.items())
        key = inside, call
        try:
            found = _built.get(key)
        except TypeError:
            return build(database, *args, **kwargs)
        if found is None:
            result = build(database, *args, **kwargs)
            database.close()  # the last connection leaves one file
            _built[key] = _Built(file=path.read_bytes(), keys=_read(ring), result=result)
        else:
            database.close()
            path.unlink()  # a connection to the earlier file must not go on with this one
            path.write_bytes(found.file)
            _write(ring, found.keys)
            result = _as_of(found.result, database, ring)
        _known[path] = key, _state(path)
        return result

    return give


def _as_of(result: Any, database: Database, ring: KeyRing | None) -> Any:
    if not is_dataclass(result) or isinstance(result, type):
        return result
    own = {"database": database} | ({"keys": ring} if ring else {})
    return replace(result, **{field.name: own[field.name] for field in fields(result) if field.name in own})


def _state(path: Path) -> State:
    """What changes when something is stored: the file, or what SQLite keeps beside it."""
    found, beside = path.stat(), path.with_name(path.name + "-wal")
    return found.st_ino, found.st_mtime_ns, beside.stat().st_size if beside.exists() else 0


def _name(value: object) -> Hashable:
    return KeyRing if isinstance(value, KeyRing) else value  # type: ignore[return-value]


def _read(ring: KeyRing | None) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in ring.folder.iterdir()} if ring and ring.folder.exists() else {}


def _write(ring: KeyRing | None, keys: Mapping[str, bytes]) -> None:
    if ring and keys:
        ring.folder.mkdir(mode=0o700, parents=True)
    for name, key in keys.items():
        path = ring.folder / name  # type: ignore[union-attr]
        path.touch(mode=0o600)
        path.write_bytes(key)
