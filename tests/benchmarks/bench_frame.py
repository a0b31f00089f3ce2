"""30,000 dwellings as a street keeps them: from the file to the frame, CSV and XLSX, and out again."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from tests.benchmarks.measurement import Measurement, at_most, command_cpu

UNITS = 30_000
COMMUNITIES = 16
GRIDS = 7
HEADER = ("区划代码", "街道", "社区", "网格编号", "小区名称", "物业类型", "楼栋号", "单元号", "楼层", "房号",
          "房屋状态", "常住人口数", "户主姓名", "联系电话")  # fmt: skip


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"SURVEY_INSTANCE": str(folder)}
        _write_files(folder)
        command_cpu("init", environment=environment)
        taken = {}
        for ending in ("csv", "xlsx"):
            taken[ending] = command_cpu(
                "frame", "import", "--areas", str(folder / "areas.csv"), "--units", str(folder / f"units.{ending}"),
                environment=environment,
            )  # fmt: skip
        out = command_cpu("frame", "export", "1", "--out", str(folder / "out.xlsx"), environment=environment)
    return [
        at_most("import 30,000 units from CSV", taken["csv"], "s CPU", 10),
        at_most("import 30,000 units from XLSX", taken["xlsx"], "s CPU", 10),
        Measurement(name="export 30,000 units to XLSX", value=out, unit="s CPU"),
    ]


def _write_files(folder: Path) -> None:
    codes = [f"440983102{number:03}" for number in range(1, COMMUNITIES + 1)]
    with (folder / "areas.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "level", "parent", "population"])
        writer.writerow(["440983102000", "河东街道", "street", "", ""])
        writer.writerows([code, f"第{code[-3:]}社区", "community", "440983102000", 4000] for code in codes)
    with (folder / "units.csv").open("w", newline="", encoding="gb18030") as file:
        csv.writer(file).writerows(_rows(codes))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("住户")
    for row in _rows(codes):
        sheet.append(list(row))
    book.save(folder / "units.xlsx")


def _rows(codes: list[str]) -> Iterator[tuple[object, ...]]:
    """Buildings of 60 dwellings: two entrances, fifteen floors, two doors on each."""
    yield ("河东街道住户信息表", *[""] * (len(HEADER) - 1))
    yield HEADER
    statuses = ("自住", "自住", "出租", "空置")
    for number in range(UNITS):
        place, home = number % COMMUNITIES, number // COMMUNITIES
        building, floor = home // 60, home // 2 % 15 + 1
        yield (
            codes[place], "河东街道", f"第{codes[place][-3:]}社区", building % GRIDS + 1, f"花园{place}区", "有物业",
            f"{building + 1}栋", home // 30 % 2 + 1, floor, floor * 100 + home % 2 + 1, statuses[number % 4],
            number % 5, "某人", f"138{number:08}",
        )  # fmt: skip
    yield ("合计", *[""] * 10, UNITS * 2, "", "")
