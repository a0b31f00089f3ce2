"""The reader's language, and problems as lines."""

import pytest

from survey.cli.output import LONGEST_GOT, language, report_error
from survey.messages import BadInput, Message, Problem


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_Hans"),
        ({"LANG": "zh_TW"}, "zh_Hans"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN.GB18030"}, "zh_Hans"),
        ({"LANG": "zh_CN.UTF-8", "SURVEY_LANGUAGE": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8", "SURVEY_LANGUAGE": "zh_Hans"}, "zh_Hans"),
        ({"LANG": "zh_CN.UTF-8", "SURVEY_LANGUAGE": "fr"}, "zh_Hans"),
    ],
)
def test_the_language_is_the_locale_unless_it_is_set(
    environment: dict[str, str], wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "SURVEY_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == wanted


def test_problems_are_lines_on_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "zh_Hans")
    problems = [
        Problem(where="3", column="code", got="11", expected=Message("{digits} 位数字", {"digits": 12})),
        Problem(where="4", column="name", got="", expected=Message("每行都有编号")),
        Problem(where="", column="", got="", expected=Message("先关闭轮次：survey wave close {wave}", {"wave": 2})),
    ]
    report_error(BadInput(Message("{file} 是空文件", {"file": "两\n行"}), problems), as_json=False)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "3 code  得到：11  应为：12 位数字",
        "4 name  得到：（空）  应为：每行都有编号",
        "-  先关闭轮次：survey wave close 2",
    ]
    assert err == "survey: 两 行 是空文件\n"


def test_half_a_file_in_a_cell_is_not_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem(where="2", column="x", got="y" * 100_000, expected=Message("每行都有编号"))
    report_error(BadInput(Message("{file} 是空文件", {"file": "a"}), [problem]), as_json=True)
    assert len(capsys.readouterr().out) < LONGEST_GOT + 300
