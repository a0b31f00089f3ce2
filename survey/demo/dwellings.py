"""An invented frame: the demo's communities with grids, and a few hundred dwellings each, as an office's table."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

#: Community -> its estates.
ESTATES = {
    "990101001001": ("河东花园", "河东新村"),
    "990101001002": ("柳荫苑", "纺织厂宿舍"),
    "990101001003": ("新桥里", "桥头小区"),
    "990101001004": ("书院街", "书香名邸"),
    "990101002001": ("松涛苑", "松山路小区"),
    "990101002002": ("工人村", "机床厂家属院"),
    "990101002003": ("湖畔居", "望湖小区"),
    "990101002004": ("站前小区", "铁路新村"),
}
GRIDS = 3
HEADER = (
    "区划代码", "社区名称", "网格编号", "小区名称", "楼栋号", "单元号", "楼层", "房号", "房屋状态", "常住人口数",
)  # fmt: skip
#: Share of residents that are 18 or over.
ADULTS = 0.8
ENTRANCES, FLOORS, DOORS = 2, 6, 2
_STATUS = ("自住", "出租", "空置", "")
_SHARES = (0.70, 0.17, 0.08, 0.05)


def demo_areas(dwellings: str) -> str:
    """The areas of the published wave with the adults of ``dwellings``, and below each community its grids, as CSV."""
    residents: Counter[str] = Counter()
    for row in csv.DictReader(dwellings.splitlines()):
        residents[row["区划代码"]] += int(row["常住人口数"] or 0)
    header, *areas = _areas()
    lines = [[*area[:-1], round(ADULTS * residents[area[0]]) if area[0] in ESTATES else ""] for area in areas]
    grids = [
        [f"{area[0]}{number:03}", f"{area[1]}第{'一二三'[number - 1]}网格", "grid", area[0], ""]
        for area in areas
        if area[0] in ESTATES
        for number in range(1, GRIDS + 1)
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *lines, *grids])
    return text.getvalue()


def demo_dwellings(seed: int) -> str:
    """All dwellings as CSV with the headers that offices use; the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    names = {area[0]: area[1] for area in _areas()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for area, estates in ESTATES.items():
        for estate in estates:
            for building in range(1, int(rng.integers(5, 9)) + 1):
                grid = f"{area}{1 + building % GRIDS:03}"
                place = [area, names[area], grid, estate, str(building)]
                writer.writerows([*place, *dwelling] for dwelling in _building(rng))
    return text.getvalue()


def _building(rng: np.random.Generator) -> Iterator[tuple[str, ...]]:
    """Entrance, floor, room, status, residents; now and then the ground floor is shops, or a building is gone."""
    shops, gone = rng.random() < 0.2, rng.random() < 0.02
    for entrance, floor, door in product(range(ENTRANCES), range(1, FLOORS + 1), range(1, DOORS + 1)):
        status = "已拆除" if gone else "商铺" if shops and floor == 1 else str(rng.choice(_STATUS, p=_SHARES))
        people = str(int(rng.integers(1, 6))) if status in ("自住", "出租") else ""
        yield str(entrance + 1), str(floor), f"{floor}0{door}", status, people


def _areas() -> list[list[str]]:
    """The rows of the published wave's areas, the header first."""
    return list(csv.reader((Path(__file__).parent / "areas.csv").read_text("utf-8").splitlines()))
