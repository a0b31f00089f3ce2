"""What somebody tries who may read databases, backups and files, but has no key."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Text, literal_column, select, text

from survey.store import schema
from survey.store.database import Database

Row = Mapping[str, Any]
Snapshot = Mapping[str, Sequence[Row]]

_HEX = re.compile(r"[0-9a-f]{16,}")


def read_everything(database: Database) -> Snapshot:
    """Every row of every table: what a backup holds."""
    with database.reading() as session:
        return {
            name: [dict(row._mapping) for row in session.execute(select(table))]
            for name, table in schema.METADATA.tables.items()
        }


def identifiers(value: object) -> Iterator[str]:
    """What in a cell is long enough to be the same only where the same thing is meant."""
    if isinstance(value, UUID):
        yield value.hex
    elif isinstance(value, bytes):
        yield value.hex()
    elif isinstance(value, str):
        yield from _HEX.findall(value.lower().replace("-", ""))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from identifiers(name)
            yield from identifiers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from identifiers(part)


def joined_to(start: UUID, *snapshots: Snapshot) -> set[str]:
    """Every identifier that any chain of equal cells leads to, over all tables of all snapshots."""
    rows_of: defaultdict[str, list[set[str]]] = defaultdict(list)
    for snapshot in snapshots:
        for rows in snapshot.values():
            for row in rows:
                found = {one for cell in row.values() for one in identifiers(cell)}
                for one in found:
                    rows_of[one].append(found)
    reached, todo = {start.hex}, [start.hex]
    while todo:
        for row_ids in rows_of[todo.pop()]:
            todo += row_ids - reached
            reached |= row_ids
    return reached


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One response with everything that stands beside its uuid anywhere."""

    uuid: UUID
    area: str
    facts: Mapping[str, object]  # "table.column" -> value


def answers(snapshot: Snapshot, wave: int) -> list[Answer]:
    found = []
    for response in snapshot["responses"]:
        if response["wave_id"] != wave:
            continue
        facts = {
            f"{name}.{column}": value
            for name, rows in snapshot.items()
            for row in rows
            if row.get("uuid") == response["uuid"]
            for column, value in row.items()
        }
        found.append(Answer(uuid=response["uuid"], area=response["area"], facts=facts))
    return found


def possible_cases(answer: Answer, everybody: Sequence[Answer], cases_from: Snapshot, wave: int) -> set[UUID]:
    """The cases the answer may be of, by everything that both sides tell: area, inclusion, grid, unit, canvasser.

    A canvasser's letter can be any account that had at least as many cases there as the letter has answers.
    """
    draws = {draw["id"] for draw in cases_from["draws"] if draw["wave_id"] == wave}
    cases = [case for case in cases_from["cases"] if case["draw_id"] in draws and case["area"] == answer.area]
    for name in ("inclusion_n", "inclusion_total", "grid", "unit_serial"):
        told = answer.facts.get(f"response_factors.{name}")
        cases = [case for case in cases if told is None or case[name] == told]
    letter = answer.facts.get("response_factors.canvasser")
    if not letter:
        return {case["id"] for case in cases}
    same = sum(one.facts.get("response_factors.canvasser") == letter for one in everybody)
    owner = {row["case_id"]: row["account_id"] for row in cases_from["assignments"]}
    had: defaultdict[int | None, int] = defaultdict(int)
    for case in cases:
        had[owner.get(case["id"])] += 1
    return {case["id"] for case in cases if had[owner.get(case["id"])] >= same}


def raw_pages(database: Database) -> list[bytes]:
    """The pages of every file that holds tables, as they lie on the disk."""
    if database.path:
        files = [database.path, database.path.with_name(database.path.name + "-wal")]
        content = b"".join(file.read_bytes() for file in files if file.exists())
        return [content[start : start + 4096] for start in range(0, len(content), 4096)]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.exec_driver_sql("CHECKPOINT")
        folder = server.exec_driver_sql("SHOW data_directory").scalar_one()
        query = (
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') "
            "AND (relnamespace = 'public'::regnamespace OR relnamespace = 'pg_toast'::regnamespace)"
        )
        paths = [row[0] for row in server.exec_driver_sql(query)]
    pages = []
    for path in paths:
        content = (Path(folder) / path).read_bytes()
        pages += [content[start : start + 8192] for start in range(0, len(content), 8192)]
    return pages


def physical_order(database: Database, table: str, key: str) -> list[str]:
    """The keys of a table as they lie on the disk, where the database tells; by key where it does not."""
    found = schema.METADATA.tables[table]
    with database.reading() as session:
        if database.path:
            query = text("SELECT wr FROM pragma_table_list WHERE name = :name")
            assert session.scalar(query, {"name": table}) == 1, f"{table} has hidden row numbers"
            return sorted(str(value) for value in session.scalars(select(found.c[key])))
        return [str(value) for value in session.scalars(select(found.c[key]).order_by(literal_column("ctid")))]


def transactions(database: Database, table: str) -> set[str]:
    """The transactions that wrote the table's rows; on SQLite none is told."""
    if database.path:
        return set()
    with database.reading() as session:
        query = select(literal_column("xmin::text", Text)).select_from(schema.METADATA.tables[table])
        return set(session.scalars(query))
