"""A file becomes a questionnaire, or one error that names everything wrong with it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.definition import ItemType, OptionKind, Polarity, Text
from questionnaires.loading import BUILT_IN, LARGEST_FILE, InstrumentError, load_file, load_text
from tests.questionnaires.tiny import HEAD, SATISFIED, tiny


def test_a_small_file_gives_its_questionnaire() -> None:
    questionnaire = tiny()
    assert questionnaire.slug == "tiny"
    assert questionnaire.title == Text(zh_Hans="小问卷", en="Tiny")
    assert questionnaire.introductions["capi"].en == "Hello"
    (item,) = questionnaire.items
    assert (item.id, item.type, item.text.in_language("en")) == ("Q1", ItemType.SINGLE, "Are you satisfied")


def test_an_item_takes_the_options_of_a_shared_scale() -> None:
    item = tiny().item("Q1")
    assert [option.code for option in item.options] == [1, 2, 3, 4, 5, 98, 99]
    third, dont_know = item.options[2], item.options[5]
    assert (third.text.zh_Hans, third.polarity, third.score) == ("一般", Polarity.NEUTRAL, 50.0)
    assert (dont_know.text.zh_Hans, dont_know.kind) == ("不了解", OptionKind.DONT_KNOW)


def test_an_instrument_may_define_a_scale_of_its_own() -> None:
    scale = """
[[scale]]
id = "often"
options = [{ code = 1, zh_Hans = "经常", en = "Often" }, { code = 2, zh_Hans = "很少", en = "Rarely" }]
"""
    item = tiny(scale, SATISFIED.replace("sat5", "often")).item("Q1")
    assert [option.text.en for option in item.options] == ["Often", "Rarely"]


def test_a_wording_may_stand_in_a_table_of_its_own() -> None:
    plain = 'zh_Hans = "您满意吗"\nen = "Are you satisfied"'
    table = 'text = { zh_Hans = "您满意吗", en = "Are you satisfied" }'
    assert tiny(SATISFIED.replace(plain, table)) == tiny(SATISFIED)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + SATISFIED).replace("\n", "\r\n").encode())
    assert load_file(path) == tiny()


@pytest.mark.parametrize("slug", BUILT_IN)
def test_every_built_in_file_loads_under_its_slug(slug: str) -> None:
    assert load_file(BUILT_IN[slug]).slug == slug


def test_a_file_in_gb18030_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes("# ok\nslug = '小问卷'\n".encode("gb18030"))
    with pytest.raises(InstrumentError) as caught:
        load_file(path)
    assert "UTF-8" in str(caught.value)
    assert caught.value.file == "old.toml"
    assert caught.value.problems[0].params == {"line": 2}


def test_toml_that_cannot_be_read_is_refused_with_line_and_column() -> None:
    with pytest.raises(InstrumentError) as caught:
        load_text('[instrument]\nslug = "a\n', "broken.toml")
    assert caught.value.problems[0].params["line"] == 2


@pytest.mark.parametrize(
    "text", ["", "[instrument", "x = [", "x = " + "[" * 20_000, "x = " + "9" * 5000, "\x00", "x = 1979-02-30"]
)
def test_what_is_no_instrument_is_an_error_of_the_file_and_no_crash(text: str) -> None:
    with pytest.raises(InstrumentError):
        load_text(text, "x.toml")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(InstrumentError) as caught:
        load_file(path)
    assert caught.value.problems[0].params == {"most": LARGEST_FILE}


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b"])
def test_what_cannot_be_opened_is_an_error_of_the_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InstrumentError):
        load_file(tmp_path / name)


def test_definition_and_loading_need_no_numpy() -> None:
    import subprocess
    import sys

    code = "import sys, questionnaires.loading; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@given(st.text(max_size=200))
def test_no_text_at_all_crashes_the_loader(text: str) -> None:
    with pytest.raises(InstrumentError):
        load_text(text, "x.toml")
