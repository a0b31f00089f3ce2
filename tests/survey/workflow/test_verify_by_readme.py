"""Whoever has an exported folder and its README.txt alone, and none of this program, comes to the same draw."""

import csv
import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey.store.database import Database
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.export_draw import export_draw
from tests.survey.drawn_wave import AT
from tests.survey.public_draw import RESERVES, publicly_drawn

WITHOUT = replace(RESERVES, reserves=None)


def exported(database: Database, folder: Path, design: Any) -> Path:
    number = publicly_drawn(database, design)
    with database.writing() as session:
        change_state(session, 1, WaveState.CLOSED, at=AT, by="tongji")
    with database.reading() as session:
        export_draw(session, number, folder)
    return folder


def sha(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(seed: bytes, label: str) -> Iterator[int]:
    block = 0
    while True:
        digest = hashlib.sha256(seed + b"\0" + label.encode() + b"\0" + block.to_bytes(8, "big")).digest()
        yield from (int.from_bytes(digest[at : at + 8], "big") for at in range(0, 32, 8))
        block += 1


def below(stream: Iterator[int], n: int) -> int:
    return next(word for word in stream if word < 2**64 - 2**64 % n) % n


def systematic(stream: Iterator[int], n: int, total: int) -> list[int]:
    if n in (0, total):
        return list(range(n))
    start = below(stream, total)
    return [(start + k * total) // n for k in range(n)]


def parts(stream: Iterator[int], sizes: list[int]) -> list[int]:
    line = list(range(sum(sizes)))
    for i in range(len(line) - 1, 0, -1):
        j = below(stream, i + 1)
        line[i], line[j] = line[j], line[i]
    found = [0] * len(line)
    for part, size in enumerate(sizes):
        taken = systematic(stream, size, len(line))
        for place in taken:
            found[line[place]] = part
        line = [one for place, one in enumerate(line) if place not in set(taken)]
    return found


def frame_digest(folder: Path) -> str:
    keys = ("code", "name", "level", "parent", "population")
    areas = sorted("\t".join([*(row[key] for key in keys[:4]), row["population"] or "None"])
                   for row in table(folder / "frame-areas.csv"))  # fmt: skip
    units = "".join(
        f"[{row['serial']},{json.dumps(row['area'])},{json.dumps(row['grid'])},{row['address']},"
        f"{json.dumps(row['status'])},{row['residents'] or 'null'}]\n"
        for row in table(folder / "frame-units.csv")
    )
    return sha(f"{sha(chr(10).join(areas))}\n{sha(units)}\n")


def case_lines(folder: Path, seed: bytes) -> list[str]:
    """Of one stage, systematically, the same number everywhere."""
    design = json.loads((folder / "design.json").read_text())
    reserves = design.get("reserves", {"replicates": 0, "per_community": 0})
    units = [row for row in table(folder / "frame-units.csv") if row["status"] not in ("demolished", "commercial")]
    lines = []
    for area in {row["area"] for row in units}:
        there = [row["serial"] for row in units if row["area"] == area]
        left = n = min(
            len(there), design["allocation"]["per_community"] + reserves["replicates"] * reserves["per_community"]
        )
        sizes = []
        for size in [design["allocation"]["per_community"], *[reserves["per_community"]] * reserves["replicates"]]:
            sizes.append(min(size, left))
            left -= sizes[-1]
        drawn = systematic(words(seed, f"stratum:{area}"), n, len(there))
        replicates = parts(words(seed, f"replicates:{area}"), sizes) if len(sizes) > 1 else [0] * n
        chance = f"{n}/{len(there)}"
        lines += [
            f"{area} {there[place]} {n} {len(there)} {part} {area} - {chance}\n"
            for place, part in zip(drawn, replicates, strict=True)
        ]
    return sorted(lines)


@pytest.mark.parametrize("design", [RESERVES, WITHOUT], ids=["with reserves", "without"])
def test_seed_sample_and_digests_by_other_means(sqlite_database: Database, tmp_path: Path, design: Any) -> None:
    folder = exported(sqlite_database, tmp_path, design)
    draw = json.loads((folder / "draw.json").read_text())
    commitment = json.loads((folder / "commitment.json").read_text())
    published = tomllib.loads((folder / "public-values.toml").read_text())["value"][-1]["value"]
    value = " ".join(unicodedata.normalize("NFC", published).split())
    secret = bytes.fromhex(commitment["secret"])
    seed = hashlib.sha256(secret + value.encode()).digest()
    assert hashlib.sha256(secret).hexdigest() == commitment["secret_digest"]
    assert seed.hex() == draw["seed"]
    assert frame_digest(folder) == draw["frame_digest"]
    lines = case_lines(folder, seed)
    stored = {row["serial"]: row["replicate"] for row in table(folder / "cases.csv")}
    assert {line.split()[1]: line.split()[4] for line in lines} == stored
    head = f"frame {draw['frame_digest']}\nmethod stages/2\ndesign {(folder / 'design.json').read_text()}\n"
    text = (head + f"seed {draw['seed']}\n" + "".join(lines)).encode()
    assert hashlib.sha256(bytes.fromhex(draw["salt"]) + text).hexdigest() == draw["digest"]
    told = (folder / "README.txt").read_text()
    assert "area serial n N replicate stratum psu stages" in told
    assert "design D" in told
