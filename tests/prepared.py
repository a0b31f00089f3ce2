"""What many tests begin with: built in a database once in each process, copied from then on."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar

from survey.keys import KeyRing
from survey.store.database import Database
from tests.used_again import Stored, UsedAgain

P = ParamSpec("P")
R = TypeVar("R")


class _File:
    """A SQLite database, copied as a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def state(self) -> Hashable:
        """What changes when something is stored: the file, or what SQLite keeps beside it."""
        found, beside = self.path.stat(), self.path.with_name(self.path.name + "-wal")
        return found.st_ino, found.st_mtime_ns, beside.stat().st_size if beside.exists() else 0

    def take(self, database: Database) -> bytes:
        database.close()  # the last connection leaves one file
        return self.path.read_bytes()

    def put(self, database: Database, content: Any) -> None:
        database.close()
        self.path.unlink()  # a connection to the earlier file must not go on with this one
        self.path.write_bytes(content)


class _OnServer:
    """A PostgreSQL database, copied table by table."""

    def __init__(self, again: UsedAgain) -> None:
        self.again = again

    def state(self) -> Hashable:
        return self.again.moment()

    def take(self, _: Database) -> Stored:
        return self.again.take()

    def put(self, database: Database, content: Any) -> None:
        database.close()
        self.again.put(content)


@dataclass(frozen=True, kw_only=True)
class _Inside:
    """``calls``: that built what is in a database, which looked like ``state`` then."""

    copying: _File | _OnServer
    calls: Hashable
    state: Hashable


@dataclass(frozen=True, kw_only=True)
class _Built:
    content: bytes | Stored
    keys: Mapping[str, bytes]
    result: Any


#: By the address of the database.
_known: dict[str, _Inside] = {}
_built: dict[Hashable, _Built] = {}


def reads_files(module: ModuleType) -> bool:
    """Whether tests there look at a database as it lies on the disk."""
    there = vars(module).values()
    return any(
        "tests.survey.attacker" in (getattr(one, "__name__", ""), getattr(one, "__module__", "")) for one in there
    )


def remember_empty(path: Path) -> None:
    """The SQLite file at ``path`` has the tables and nothing in them: what was built can be put in its place."""
    copying = _File(path)
    _known[str(path)] = _Inside(copying=copying, calls=(), state=copying.state())


def remember_empty_again(database: Database, again: UsedAgain) -> None:
    """The same of a PostgreSQL database."""
    copying = _OnServer(again)
    _known[_address(database)] = _Inside(copying=copying, calls=(), state=copying.state())


def _address(database: Database) -> str:
    return str(database.path or database.url.database)


def prepared(build: Callable[Concatenate[Database, P], R]) -> Callable[Concatenate[Database, P], R]:
    """Let ``build(database, …)`` run once for the same arguments on the same kind of database: an empty one, or one
    with nothing in it but what such calls have built.

    A :class:`KeyRing` among the arguments gets copies of the keys; ``keys`` and ``database`` of the result, and of what
    it consists of, are those of the call. Other databases and arguments that cannot be compared: it is built there.
    """

    @wraps(build)
    def give(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> R:
        ring = next((value for value in (*args, *kwargs.values()) if isinstance(value, KeyRing)), None)
        inside = _known.pop(_address(database), None)
        if inside is None or inside.state != inside.copying.state() or (ring and ring.folder.exists()):
            return build(database, *args, **kwargs)
        call = build.__module__, build.__qualname__, *map(_name, args), *((n, _name(v)) for n, v in kwargs.items())
        key = inside.calls, call
        place = type(inside.copying), key
        try:
            found = _built.get(place)
        except TypeError:
            return build(database, *args, **kwargs)
        if found is None:
            result = build(database, *args, **kwargs)
            _built[place] = _Built(content=inside.copying.take(database), keys=_read(ring), result=result)
        else:
            inside.copying.put(database, found.content)
            _write(ring, found.keys)
            result = _as_of(found.result, database, ring)
        _known[_address(database)] = replace(inside, calls=key, state=inside.copying.state())
        return result

    return give


def _as_of(result: Any, database: Database, ring: KeyRing | None) -> Any:
    if not is_dataclass(result) or isinstance(result, type):
        return result
    own = {"database": database} | ({"keys": ring} if ring else {})
    before = {field.name: getattr(result, field.name) for field in fields(result)}
    now = {name: own[name] if name in own else _as_of(value, database, ring) for name, value in before.items()}
    return replace(result, **{name: value for name, value in now.items() if value is not before[name]})


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
