"""The ``README.txt`` of an exported draw: what is in the folder, how to verify it, and how everything is computed."""

import inspect
from types import ModuleType

from analysis.sampling import (
    allocation,
    arc_windows,
    brewer,
    counter_stream,
    lottery,
    overlap,
    permanent_numbers,
    pps_inclusion,
    pps_systematic,
    reserves,
    rest_windows,
    sampford,
    series_draw,
    simple,
    stages,
    systematic,
    value_spelling,
)
from survey.files.draw_record import DrawRecord
from survey.sampling import samples

#: Their documentation is the definition: it goes with the draw, for whoever writes a program of their own.
_MODULES: tuple[ModuleType, ...] = (
    *(lottery, value_spelling, counter_stream, stages, allocation, reserves),
    *(simple, systematic, pps_inclusion, pps_systematic, sampford, brewer),
    *(rest_windows, permanent_numbers, overlap, series_draw, arc_windows),
)

_CHINESE = """\
第 {draw} 号抽样 核对文件夹
========================

这个文件夹写明了哪些住户被抽中。只交给核对的人，核对后销毁；不得交给干部、网格员和责任部门，不得公开。
可以公开的是抽样公证单（survey draw certificate）。
{kept_back}
怎样核对
--------
安装本程序，运行：

    survey draw verify --files 这个文件夹

不需要数据库，也不需要网络。程序核对名单的摘要、设计、承诺、公开数字和时间先后，用种子从名单重抽一遍，与 cases.csv
逐户比对，再核对抽样摘要。全部一致，退出码为 0；不一致，列出哪里不符、应为什么，退出码为 1。
最后，把 draw.json 里的摘要与公证单上的逐字比对：文件夹可以整个换掉，公证单已经公布。
下列各项不在任何摘要里，改了也重抽得出来：轮次、状态、种子的来源、谁在何时抽取、谁在何时批准和理由、承诺的时间和人、
约定的公开数字的时间和写法、用到的公开数字的时间和来源、此前否决的抽样。核对命令把它们逐行列出：请与公证单逐项比对。

请不要用 Excel 打开后保存：它会改掉长数字。地区名前面多出的一个撇号（'）不算内容。

文件
----
draw.json           抽样记录：各项摘要、种子、盐、谁在何时抽取和批准，此前否决的抽样
design.json         设计，按规定的写法；这个文件的 SHA-256 就是设计摘要
frame-areas.csv     地区表
frame-units.csv     单元表，按固定次序编号（serial）；status 为 demolished（已拆除）、commercial（商用）的不抽
cases.csv           样本：inclusion_n ÷ inclusion_total 是抽中的概率，stages 是各阶段的概率，
                    replicate 0 是主样本、1 起是备用样本，stratum 是层，psu 是初级单元（空：住户自己）
joint-inclusion.csv 抽中的初级单元两两同时抽中的概率（方法有公式时才有）
commitment.json     公开抽签：事先的承诺；secret 是密数（32 个字节，十六进制）
public-values.toml  公开抽签：用到的公开数字
earlier-draws.json  按永久随机数抽取：此前各次抽样的窗口（谁轮休由它们算出），网格和社区从哪里抽起
"""
_CHINESE_KEPT_BACK = """
本轮调查，或者本次抽样所避开的一次公开抽签的那一轮，还没有结束，密数、种子、盐、样本和此前各次抽样的窗口都不在
这里：知道它们就知道抽中了谁。
现在只能核对名单、设计和承诺；调查结束后重新导出，才能核对样本。
"""
_ENGLISH = """\
Draw {draw}: folder for verification
====================================

This folder says which homes were drawn. Give it only to those who verify, who destroy it afterwards; never to
officials, grid workers or departments, and do not publish it. What may be published is the certificate
(survey draw certificate).
{kept_back}
How to verify
-------------
Install this program and run

    survey draw verify --files THIS_FOLDER

No database and no network are needed. It checks the digests of the list, the design, the commitment, the public value
and their order in time, draws again from the list with the seed, compares home by home with cases.csv, and checks the
digest of the draw. Exit code 0: all of it fits. Exit code 1: it says what does not fit, and what was expected.
Then compare the digests in draw.json with those on the certificate, letter by letter: a whole folder can be exchanged,
a certificate that was published cannot.
No digest covers the following, so the draw comes out again even if they were changed: wave, state, source of the seed,
who drew and when, who approved, when and with which reason, time and author of the commitment, times and spellings of
the values promised, times and sources of those used, draws rejected before. The command prints them line by line:
compare each with the certificate.

Do not save these files from a spreadsheet, which changes long numbers. One apostrophe in front of an area's name is
no part of it.

Files
-----
draw.json           the record: digests, seed, salt, who drew and approved and when, draws rejected before
design.json         the design in its canonical form; the SHA-256 of this file is the digest of the design
frame-areas.csv     areas
frame-units.csv     units by serial, the canonical order; status demolished and commercial are not drawn
cases.csv           the sample: inclusion_n / inclusion_total is the probability, stages those of each stage,
                    replicate 0 is the main sample, 1 and up are reserves; psu empty: the dwelling itself
joint-inclusion.csv probabilities of two drawn primary units together (where the method has a formula)
commitment.json     public draws: what was promised beforehand; secret: 32 bytes in hex
public-values.toml  public draws: the public values used
earlier-draws.json  draws by permanent random numbers: the windows of those before, which say who is to rest, and where
                    they began among grids and communities
"""
_ENGLISH_KEPT_BACK = """
The wave is not closed, or that of a public draw whose homes were to rest is not, so secret, seed, salt, sample and
earlier draws are not in here: whoever knows them knows who was drawn.
For now only list, design and commitment can be verified; export again once the wave is closed to verify the sample.
"""
_FORMULAS = """\
How everything is computed
==========================
Digests are SHA-256 of UTF-8 text, written in hex; || is one after the other, \\n ends a line.

areas    lines "code TAB name TAB level TAB parent TAB population" of the areas, sorted, with \\n between them; an empty
         parent is nothing, an unknown population is the word None
units    for each unit by serial the JSON array [serial,area,grid,address,status,residents] without blanks, characters
         as they are, address as it stands in its column, an unknown number null; each followed by \\n
frame    areas || \\n || units || \\n
design   the file design.json
draw     as said below under survey.sampling.samples

"""


def readme(record: DrawRecord) -> str:
    """The text, in Chinese, then in English, then the definitions (in English, as the program's documentation)."""
    chinese = _CHINESE.format(draw=record.draw, kept_back=_CHINESE_KEPT_BACK if record.kept_back else "")
    english = _ENGLISH.format(draw=record.draw, kept_back=_ENGLISH_KEPT_BACK if record.kept_back else "")
    definitions = [_definition(f"{module.__name__}", module.__doc__) for module in _MODULES]
    definitions.append(_definition("survey.sampling.samples", samples.draw_digest.__doc__))
    return "\n\n".join([chinese, english, _FORMULAS + "\n".join(definitions)])


def _definition(name: str, text: str | None) -> str:
    return f"{name}\n{'-' * len(name)}\n{inspect.cleandoc(text or '')}\n"
