"""Answer options, and the scales that many items share."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from questionnaires.definition import LANGUAGES, Option, OptionKind, Polarity
from questionnaires.problems import N_
from questionnaires.reading import Context, Table
from questionnaires.recommended_options import NO_RECOMMENDATION, recommended

SHARED_SCALES = Path(__file__).parent / "instruments" / "scales.toml"

#: Codes are small: they are typed from paper, and they travel through other programs.
HIGHEST_CODE = 9999

Options = tuple[Option, ...]


@lru_cache(maxsize=1)
def shared_scales() -> Mapping[str, Options]:
    """The scales every instrument may use, by id."""
    context = Context()
    with SHARED_SCALES.open("rb") as file:
        scales = read_scales(Table(tomllib.load(file), context, "").tables("scale"), context, {})
    assert not context.problems, context.problems  # noqa: S101 - our own file, held right by a test
    return {name: options for name, options in scales.items() if options is not None}


def read_scales(
    raw_scales: Iterable[Mapping[str, object]], context: Context, shared: Mapping[str, Options]
) -> dict[str, Options | None]:
    """The scales a file defines on top of the shared ones; ``None`` for one whose options cannot be used."""
    scales: dict[str, Options | None] = dict(shared)
    for position, raw in enumerate(raw_scales):
        table = Table(raw, context, place_of(raw, "scale", position))
        name = table.identifier("id")
        options = read_options(table)
        table.finish()
        if name in shared:
            table.problem("id", name, N_("没有用过的量表编号；这个已是公用量表"))
        elif name in scales:
            table.problem("id", name, N_("没有用过的编号"))
        elif name:
            scales[name] = options
    return scales


def read_options(table: Table, key: str = "options") -> Options | None:
    """The options under ``key``, or ``None`` when one of them cannot be used."""
    raw_options = table.tables(key)
    found = [_read_option(raw, table, f"{table.prefix}{key}[{n}].") for n, raw in enumerate(raw_options)]
    options = tuple(option for option in found if option is not None)
    if len(raw_options) < 2:
        table.problem(key, table.get(key), N_("至少两个选项"))
        return None
    _refuse_twins(options, table, key)
    if not table.context.self_contained and len(options) == len(raw_options):  # what is stored stays readable
        _refuse_recommended(options, table, key)
    return options if len(options) == len(raw_options) else None


def _read_option(raw: Mapping[str, object], parent: Table, prefix: str) -> Option | None:
    table = Table(raw, parent.context, parent.place, prefix)
    code = table.integer("code", 0, HIGHEST_CODE, required=True)
    text = table.own_wording("text")
    kind = table.choice("kind", OptionKind) or OptionKind.SUBSTANTIVE
    polarity = table.choice("polarity", Polarity)
    score = table.number("score")
    exclusive = table.flag("exclusive", default=False)
    is_open = table.flag("open", default=False)
    terminate = table.flag("terminate", default=False)
    read_aloud = table.flag("read_aloud", default=True)
    decoy = table.flag("decoy", default=False)
    table.finish()
    if kind is not OptionKind.SUBSTANTIVE:
        for key, value in (("polarity", polarity), ("score", score)):
            if value is not None:
                table.problem(key, value, N_("不写：kind 为 {kind} 的选项不表示态度"), kind=kind.value)
    if code is None or text is None:
        return None
    return Option(
        code=code,
        text=text,
        kind=kind,
        polarity=polarity,
        score=score,
        exclusive=exclusive,
        open=is_open,
        terminate=terminate,
        read_aloud=read_aloud,
        decoy=decoy,
    )


def _refuse_twins(options: Options, table: Table, key: str) -> None:
    codes: set[int] = set()
    texts: set[tuple[str, str]] = set()
    for position, option in enumerate(options):
        if option.code in codes:
            table.problem(f"{key}[{position}].code", option.code, N_("没有用过的选项代码"))
        codes.add(option.code)
        for language in (*LANGUAGES, *(tag for tag, _ in option.text.others)):
            text = (language, option.text.in_language(language))
            if text in texts:
                table.problem(f"{key}[{position}].{language}", text[1], N_("与其他选项不同的文字"))
            texts.add(text)


def _refuse_recommended(options: Options, table: Table, key: str) -> None:
    for position, mark in recommended([option.text for option in options]).items():
        text = options[position].text.zh_Hans
        table.problem(f"{key}[{position}]", text, NO_RECOMMENDATION, mark=mark)


def place_of(raw: Mapping[str, object], name: str, position: int) -> str:
    """How a problem names a table: its id where it has one, else its position (from 1) in the file.

    >>> place_of({"id": "sat5"}, "scale", 0), place_of({}, "scale", 0)
    ('scale sat5', 'scale[1]')
    """
    for key in ("id", "code"):
        value = raw.get(key)
        if isinstance(value, str) and value.strip() and len(value) <= 60:
            return f"{name} {value}"
    return f"{name}[{position + 1}]"
