"""The files of a small invented wave, as texts: areas, instrument, facts, column map and answers counted by hand."""

from collections.abc import Iterator, Sequence

CITY, STREET, EAST, WEST, GRID = (
    "110100000000",
    "110101000000",
    "110101001000",
    "110101002000",
    "110101001000001",
)

AREAS = f"""code,name,level,parent,population
{CITY},小城（测试）,city,,
{STREET},一街,street,{CITY},
{EAST},东社区,community,{STREET},1200
{WEST},西社区,community,{STREET},"1,000"
{GRID},东一格,grid,{EAST},
"""

INSTRUMENT = """
[instrument]
slug = "small"
version = "1"
modes = ["web_open", "paper_entry"]
title = { zh_Hans = "小问卷", en = "Small questionnaire" }
population = { zh_Hans = "成年居民", en = "Adult residents" }
closing = { zh_Hans = "谢谢", en = "Thank you" }

[introductions.web_open]
zh_Hans = "您好"
en = "Hello"

[introductions.paper_entry]
zh_Hans = "您好"
en = "Hello"

[placeholders]
campaign = { zh_Hans = "创建", en = "become" }

[[section]]
id = "main"
zh_Hans = "问题"
en = "Questions"

[[scale]]
id = "satisfied"
options = [
  { code = 1, zh_Hans = "满意", en = "Satisfied", polarity = "pos", score = 100 },
  { code = 2, zh_Hans = "一般", en = "Neutral", polarity = "neutral", score = 50 },
  { code = 3, zh_Hans = "不满意", en = "Dissatisfied", polarity = "neg", score = 0 },
  { code = 98, zh_Hans = "说不清", en = "Don't know", kind = "dk" },
  { code = 99, zh_Hans = "拒答", en = "Refused", kind = "ref" },
]

[[item]]
id = "A1"
section = "main"
type = "single"
zh_Hans = "您知道吗"
en = "Do you know"
options = [
  { code = 1, zh_Hans = "知道", en = "Yes" },
  { code = 2, zh_Hans = "不知道", en = "No" },
  { code = 98, zh_Hans = "说不清", en = "Don't know", kind = "dk" },
]

[[item]]
id = "B1"
section = "main"
type = "single"
scale = "satisfied"
zh_Hans = "您满意吗"
en = "Are you satisfied"

[[item]]
id = "B2"
section = "main"
type = "single"
scale = "satisfied"
ask_if = [{ item = "A1", codes = [1] }]
zh_Hans = "知道的人满意吗"
en = "Are those who know satisfied"

[[item]]
id = "C1"
section = "main"
type = "multi"
zh_Hans = "参加过什么"
en = "What did you take part in"
options = [
  { code = 1, zh_Hans = "志愿服务", en = "Volunteering" },
  { code = 2, zh_Hans = "议事会", en = "A meeting" },
  { code = 90, zh_Hans = "都没有", en = "None", exclusive = true },
]

[[item]]
id = "N1"
section = "main"
type = "number"
minimum = 1
maximum = 20
optional = true
zh_Hans = "几个成年人"
en = "How many adults"

[[item]]
id = "T1"
section = "main"
type = "text"
optional = true
zh_Hans = "想说什么"
en = "What would you like to say"

[[indicator]]
code = "IND_SMALL_KNOWS"
label = { zh_Hans = "知道率", en = "Know" }
item = "A1"
set = "headline"
counted = { codes = [1] }

[[indicator]]
code = "IND_SMALL_SATISFIED"
label = { zh_Hans = "满意率", en = "Satisfied" }
item = "B1"
set = "domain"
counted = { polarity = ["pos"] }
"""

WAVE = """
modes = ["web_open"]
start = 2026-03-01
end = 2026-03-20
sponsor = "甲"
fieldwork = "乙"
funder = "丙"
telephone = "0000-1"
form_no = "1表"
authority = "丁"
approval = "approved"
approval_no = "文〔2026〕1号"
valid_until = 2026-12-31
population = "成年居民"
recruitment = "从文件导入"
quality = "逐项核对"
limitations = "只是测试"
no_response_rate = "没有入户记录"

[targets]
IND_SMALL_KNOWS = 0.5
"""

COLUMNS = f"""
[file]
id = "no"
area = "place"
mode = "how"
default_mode = "imported"
day = "when"
design = "assumed-srs"
blank = ["NA"]

[areas]
E = "{EAST}"
W = "{WEST}"

[modes]
net = "web_open"

[items.A1]
column = "knows"
codes = {{ Y = 1, N = 2, D = 98 }}

[items.B1]
column = "satisfied"

[items.C1]
column = "acts"
separator = ";"
"""

HEADER = "no,place,how,when,knows,satisfied,acts"

#: Of the 40 in the east 30 know, 6 do not, 2 cannot tell and 2 left it blank; of the 30 in the west 12 and 18.
KNOWS = {"E": ["Y"] * 30 + ["N"] * 6 + ["D"] * 2 + [""] * 2, "W": ["Y"] * 12 + ["N"] * 18}
#: 25 satisfied, 10 neutral, 5 refused; 12 satisfied, 15 dissatisfied, 3 don't know.
SATISFIED = {"E": ["1"] * 25 + ["2"] * 10 + ["99"] * 5, "W": ["1"] * 12 + ["3"] * 15 + ["98"] * 3}


def rows() -> Iterator[list[str]]:
    number = 0
    for place, answers in KNOWS.items():
        for knows, satisfied in zip(answers, SATISFIED[place], strict=True):
            number += 1
            acts = "1;2" if number % 3 == 0 else "90"
            yield [f"R{number:03}", place, "net", f"2026-03-{number % 20 + 1:02}", knows, satisfied, acts]


def csv_text(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join([HEADER, *(",".join(line) for line in lines)]) + "\n"


ANSWERS = csv_text(list(rows()))
