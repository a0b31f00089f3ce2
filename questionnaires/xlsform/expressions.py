"""The grammar of XLSForm's expressions, as far as a questionnaire can hold what they say.

Text becomes a small tree that :mod:`questionnaires.xlsform.conditions` and
:mod:`questionnaires.xlsform.constraints` recognise the shape of. Nothing here or there is ever evaluated.
"""

import re
from dataclasses import dataclass

#: A condition on an item of a hundred options has 3,000 characters.
LONGEST = 20_000
_DEEPEST = 12
_QUOTES = str.maketrans("‘’“”", "''\"\"")  # a spreadsheet program puts them in by itself
#: What a keyboard set to Chinese writes in place of a mark.
_WIDE = {"（": "(", "）": ")", "＝": "=", "＜": "<", "＞": ">", "，": ",", "≤": "<=", "≥": ">=", "≠": "!="}
#: A comparison read from the other side.
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_TOKEN = re.compile(
    r"""\s*(?:
    \$\{\s*(?P<item>[^{}\s]+)\s*\}
  | (?P<text>'[^']*'|"[^"]*")
  | (?P<number>-?\d+(?:\.\d+)?)
  | (?P<word>[A-Za-z_][\w-]*(?:[(（]|\b))
  | (?P<mark><=|>=|!=|[=<>().,（）＝＜＞，≤≥≠])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Reference:
    """``${A1}``: the answer to an item."""

    item: str


@dataclass(frozen=True)
class Itself:
    """``.``: the answer that is being checked."""


@dataclass(frozen=True)
class Literal:
    """``'1'`` or ``1``."""

    text: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True)
class Compared:
    mark: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Joined:
    """``word``: "and" or "or"; ``grouped``: it stood in parentheses."""

    word: str
    parts: tuple["Expression", ...]
    grouped: bool = False


Expression = Reference | Itself | Literal | Call | Compared | Joined


class NotUnderstood(Exception):
    """``rest``: the text from where it stops making sense; ``before``: what was read until there."""

    def __init__(self, rest: str, before: str = "") -> None:
        super().__init__(rest)
        self.rest, self.before = rest, before


def read_expression(text: str) -> Expression:
    """The tree of ``text``; raises :class:`NotUnderstood`.

    >>> read_expression("${A1} = '1'")
    Compared(mark='=', left=Reference(item='A1'), right=Literal(text='1'))
    >>> read_expression("18 ≤ ${A1}")
    Compared(mark='>=', left=Reference(item='A1'), right=Literal(text='18'))
    """
    if len(text) > LONGEST:
        raise NotUnderstood(text)
    reader = _Reader(text.translate(_QUOTES))
    found = reader.alternatives(0)
    if reader.kind:
        raise reader.stuck()
    return found


def terms_of(expression: Expression) -> tuple[Expression, ...]:
    """What must all hold: the parts of an "and", groups kept together.

    >>> len(terms_of(read_expression(". >= 1 and . <= 20"))), len(terms_of(read_expression("(. >= 1 and . <= 20)")))
    (2, 1)
    """
    if isinstance(expression, Joined) and expression.word == "and" and not expression.grouped:
        return expression.parts
    return (expression,)


def written(expression: Expression) -> str:
    """As text.

    >>> written(read_expression("count-selected( ${A1} )>=2"))
    'count-selected(${A1}) >= 2'
    """
    if isinstance(expression, Reference):
        return f"${{{expression.item}}}"
    if isinstance(expression, Itself):
        return "."
    if isinstance(expression, Literal):
        return expression.text if re.fullmatch(r"-?[\d.]+", expression.text) else f"'{expression.text}'"
    if isinstance(expression, Call):
        return f"{expression.name}({', '.join(written(argument) for argument in expression.arguments)})"
    if isinstance(expression, Compared):
        return f"{written(expression.left)} {expression.mark} {written(expression.right)}"
    return f" {expression.word} ".join(written(part) for part in expression.parts)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._start, self._end = text, 0, 0
        self.kind = self.found = ""
        self._step()

    def stuck(self) -> NotUnderstood:
        return NotUnderstood(self._text[self._start :].strip(), self._text[: self._start].strip())

    def _step(self) -> None:
        self._start = self._end
        match = _TOKEN.match(self._text, self._end)
        if match is None:
            if self._text[self._start :].strip():
                raise self.stuck()
            self.kind = self.found = ""
            return
        self.kind = match.lastgroup or ""
        self.found = match[self.kind]
        if self.kind in ("mark", "word"):
            self.found = "".join(_WIDE.get(character, character) for character in self.found)
        self._end = match.end()

    def _take(self, mark: str) -> None:
        if self.found != mark or self.kind == "text":
            raise self.stuck()
        self._step()

    def _is(self, word: str) -> bool:
        return self.kind == "word" and self.found.removesuffix("(") == word

    def alternatives(self, depth: int) -> Expression:
        return self._joined("or", depth)

    def _joined(self, word: str, depth: int) -> Expression:
        parts = [self._part(word, depth)]
        while self._is(word):
            # "or(" is an "or" and the parenthesis after it.
            self._end -= self.found.endswith("(")
            self._step()
            parts.append(self._part(word, depth))
        return Joined(word, tuple(parts)) if len(parts) > 1 else parts[0]

    def _part(self, word: str, depth: int) -> Expression:
        return self._joined("and", depth) if word == "or" else self._comparison(depth)

    def _comparison(self, depth: int) -> Expression:
        left = self._operand(depth)
        if self.kind == "mark" and self.found in ("=", "!=", "<", "<=", ">", ">="):
            mark = self.found
            self._step()
            right = self._operand(depth)
            if isinstance(left, Literal) and not isinstance(right, Literal):
                return Compared(_TURNED[mark], right, left)
            return Compared(mark, left, right)
        return left

    def _operand(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise self.stuck()
        kind, found = self.kind, self.found
        if kind == "mark" and found == "(":
            self._step()
            inner = self.alternatives(depth + 1)
            self._take(")")
            return Joined(inner.word, inner.parts, True) if isinstance(inner, Joined) else inner
        if kind == "word" and found.endswith("("):
            self._step()
            return Call(found[:-1], self._arguments(depth + 1))
        if kind == "mark" and found == ".":
            self._step()
            return Itself()
        if kind == "item":
            self._step()
            return Reference(found)
        if kind in ("text", "number"):
            self._step()
            return Literal(found[1:-1] if kind == "text" else found)
        raise self.stuck()

    def _arguments(self, depth: int) -> tuple[Expression, ...]:
        arguments: list[Expression] = []
        while self.found != ")" or self.kind != "mark":
            if arguments:
                self._take(",")
            arguments.append(self.alternatives(depth))
        self._step()
        return tuple(arguments)
