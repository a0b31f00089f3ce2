"""What no weights are built of: margins that do not fit, waves without answers; nothing is stored then."""

import re
from dataclasses import replace

import pytest

from survey.keys import KeyRing
from survey.messages import BadInput, Conflict, NotThere
from survey.store.database import Database
from survey.store.waves import change_state
from survey.store.weight_versions import list_versions
from survey.waves import WaveState
from tests.survey.field import open_field
from tests.survey.small_wave import EAST
from tests.survey.weighed_wave import CLOSED, OPTIONS, Weighed, build_version, close_small_wave


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ("variable,category,share\nH1,1,60%\nH1,2,30%\n", "加起来是 100%"),
        ("variable,category,share\nA1,1,90%\nA1,2,10%\n", "等于自己填写结果"),
        ("variable,category,share\nZ9,1,60%\nZ9,2,40%\n", "单选题的题号"),
        ("variable,category,share\nC1,1,60%\nC1,2,40%\n", "恰好属于一组"),
        ("variable,category,share\nH1,1,60%\nH1,7,40%\n", "以下之一：1, 2"),
        ("variable,category,share\nH1,1,60%\nH1,98,40%\n", "以下之一：1, 2"),
        ("variable,category,share\nH1,1,60%\nH1,1,40%\n", "只出现一次"),
        ("variable,category,share\nH1,1,100%\n", "还缺：2\\(22\\)"),
        ("variable,category,share\nH2,1,60%\nH2,2,10%\nH2,3,30%\n", "至少 20 份答卷（这一类有 0 份）"),
        ("variable,category,share\nH2,1,60%\nH2,2+3,40%\n", "至少 20 份答卷（这一类有 11 份）"),
        ("variable,category,count\nH1,1,600\nH1,2,400\ncommunity,东社区,600\ncommunity,西社区,500\n", "同一个合计"),
        ("variable,category,count\nH1,1,600\nH1,2,400\n", "抽样框里各社区成年人合计 2,200"),
        ("variable,category,count\nH1,1,many\nH1,2,400\n", "0 以上的数"),
        ("variable,category,share\nH1,1,1.6\nH1,2,0.4\n", "0 到 1 的数"),
        ("variable,category,count,share\nH1,1,60,0.5\nH1,2,,0.5\n", "填一个"),
        ("variable,category,count,share\nH1,1,600,\nH1,2,,0.5\n", "各行都填总数"),
        ("variable,category,count\nH1,1,0\nH1,2,2200\n", "大于 0 的数：这一类有 22 份答卷"),
        (f"variable,category,count\ncommunity,{EAST},1200\ncommunity,999,5\n", "以下之一"),
        (f"variable,category,count\ncommunity,{EAST},1200\n", "还缺"),
        ("variable,category,share\nH1,1,99%\nH1,2,1%\n", "相差最多的是 H1"),
        ("category,share\n1,99%\n", "找不到表头"),
        ("variable,category,share\n", "只有表头|找不到表头|没有数据行"),
    ],
)
def test_margins_that_cannot_be_used_are_named_and_nothing_is_stored(
    sqlite_database: Database, keys: KeyRing, margins: str, said: str
) -> None:
    closed = close_small_wave(sqlite_database, keys)

    with pytest.raises(BadInput) as refused:
        build_version(sqlite_database, closed, margins)

    told = " ".join([str(refused.value), *(str(problem.expected) for problem in refused.value.problems)])
    assert re.search(said, told), told
    with sqlite_database.reading() as session:
        assert list_versions(session, closed.wave) == ()


def test_all_that_is_wrong_is_told_at_once_with_its_line(sqlite_database: Database, keys: KeyRing) -> None:
    """Cells that cannot be read do not hide what is wrong in other lines."""
    closed = close_small_wave(sqlite_database, keys)
    margins = "variable,category,count\nZ9,1,600\nH1,1,many\nH1,xx,400\nH1,1,-3\nH1,2,400\nH2,2+,\n"
    with pytest.raises(BadInput) as refused:
        build_version(sqlite_database, closed, margins)
    assert [(problem.where, problem.column, problem.got) for problem in refused.value.problems] == [
        ("2", "variable", "Z9"),
        ("3", "count", "many"),
        ("4", "category", "xx"),
        ("5", "count", "-3"),
        ("5", "category", "1"),
        ("7", "category", "2+"),
        ("7", "count", ""),
    ]


def test_too_many_who_did_not_say(sqlite_database: Database, keys: KeyRing) -> None:
    closed = close_small_wave(sqlite_database, keys, silent=10)
    with pytest.raises(BadInput) as refused:
        build_version(sqlite_database, closed, "variable,category,share\nH1,1+2,100%\n")
    assert "换一个变量" in str(refused.value.problems[0].expected)


@pytest.mark.parametrize("trim", [1.0, 1000.0, float("nan")])
def test_a_limit_of_trimming_that_is_none(sqlite_database: Database, keys: KeyRing, trim: float) -> None:
    closed = close_small_wave(sqlite_database, keys)
    with pytest.raises(BadInput, match="截尾"):
        build_version(sqlite_database, closed, options=replace(OPTIONS, trim=trim))


def test_an_open_wave_has_no_weights_yet(sqlite_database: Database, keys: KeyRing) -> None:
    field = open_field(sqlite_database, keys)
    with pytest.raises(Conflict, match="还没有结束"):
        build_version(sqlite_database, Weighed(wave=field.wave, draw=field.draw, field=field, uuids=(), keys=keys))


def test_a_wave_without_answers_or_unknown(sqlite_database: Database, keys: KeyRing) -> None:
    field = open_field(sqlite_database, keys)
    with sqlite_database.writing() as session:
        change_state(session, field.wave, WaveState.CLOSED, at=CLOSED, by="tests")
    empty = Weighed(wave=field.wave, draw=field.draw, field=field, uuids=(), keys=keys)
    with pytest.raises(Conflict, match="没有答卷"):
        build_version(sqlite_database, empty)
    with pytest.raises(NotThere):
        build_version(sqlite_database, replace(empty, wave=field.wave + 7))
