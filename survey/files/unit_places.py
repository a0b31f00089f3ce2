"""The communities and grids of a frame, found the way files of units name them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from survey.areas import Area, Level
from survey.files.csv_files import damaged_by_spreadsheet
from survey.files.unit_values import Unfit, read_grid_number
from survey.messages import N_, Message

CODE_DIGITS = 12
GRID_DIGITS = 15
_SUFFIXES = ("社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "居委会", "村委会", "社区", "村")


class Places:
    """Looks up communities by code or name, and grids by code, number or name."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.names = {area.code: area.name for area in areas}
        self.parents = {area.code: area.parent for area in areas}
        self.communities = {area.code for area in areas if area.level in (Level.COMMUNITY, Level.VILLAGE)}
        #: community -> its grids, by code; empty where the areas list none
        self.grids: Mapping[str, dict[str, str]] = defaultdict(dict)
        for area in areas:
            if area.level is Level.GRID and area.parent:
                self.grids[area.parent][area.code] = _squeezed(area.name)
        self.named: dict[str, set[str]] = defaultdict(set)
        for code in self.communities:
            name = _squeezed(self.names[code])
            for known in {name, _short(name)}:
                self.named[known].add(code)

    def find_community(self, code: str, name: str, street: str) -> str:
        """The code of the community, by its code or else by its name, inside its street where two are called so.

        Raises :class:`~survey.files.unit_values.Unfit`.
        """
        if code and not code.isdecimal() and not damaged_by_spreadsheet(code) and not name:
            code, name = "", code  # the column is headed as one of codes and holds names
        if not code and name.isdecimal():
            code, name = name, ""
        if not code:
            return self._by_name(name, street)
        self._check_code(code)
        called = self.named.get(_squeezed(name), set()) if name else set()
        if called and code not in called:
            raise Unfit(
                Message(N_("代码和名称是同一个社区；{code} 是{name}"), {"code": code, "name": self.names[code]})
            )
        return code

    def _check_code(self, code: str) -> None:
        refuse_damaged(code, CODE_DIGITS)
        if len(code) != CODE_DIGITS or not code.isdecimal():
            raise Unfit(Message(N_("{digits} 位数字"), {"digits": CODE_DIGITS}))
        if code not in self.communities:
            raise Unfit(Message(N_("地区表里某个社区或村的 {digits} 位代码"), {"digits": CODE_DIGITS}))

    def _by_name(self, name: str, street: str) -> str:
        if not name:
            raise Unfit(Message(N_("社区或村的代码或名称")))
        name = _squeezed(name)
        codes = self.named.get(name) or self.named.get(_short(name), set())
        if len(codes) > 1 and street:
            codes = {code for code in codes if self._lies_in(code, _squeezed(street))}
        if len(codes) == 1:
            return next(iter(codes))
        if codes:
            raise Unfit(Message(N_("12 位代码：地区表里有 {count} 个社区叫这个名称"), {"count": len(codes)}))
        raise Unfit(Message(N_("地区表里某个社区或村的名称，或者它的 12 位代码")))

    def _lies_in(self, code: str, street: str) -> bool:
        above = self.parents.get(code)
        while above:
            if _squeezed(self.names[above]) == street:
                return True
            above = self.parents.get(above)
        return False

    def find_grid(self, community: str, text: str) -> str:
        """The 15-digit code of a grid given by code, number or name; ``""`` where none is given.

        Raises :class:`~survey.files.unit_values.Unfit`.
        """
        if not text:
            return ""
        refuse_damaged(text, GRID_DIGITS)
        listed = self.grids.get(community, {})
        found = text if len(text) == GRID_DIGITS and text.isdecimal() else ""
        if not found:
            called = [code for code, name in listed.items() if name == _squeezed(text)]
            number = read_grid_number(text)
            found = called[0] if len(called) == 1 else community + number if number else ""
        if not found.startswith(community) or not found:
            raise Unfit(
                Message(
                    N_("网格号 1 到 3 位，或者以 {community} 开头的 15 位代码，或者地区表里的网格名称"),
                    {"community": community},
                )
            )
        if listed and found not in listed:
            raise Unfit(Message(N_("地区表里这个社区的网格之一：{grids}"), {"grids": _few(sorted(listed))}))
        return found


def refuse_damaged(code: str, digits: int) -> None:
    """Raise for a code that a spreadsheet turned into a rounded number."""
    if damaged_by_spreadsheet(code):
        raise Unfit(
            Message(
                N_("{digits} 位代码；Excel 把它变成了科学计数，末几位已丢失：把该列设为文本，从原表重新粘贴"),
                {"digits": digits},
            )
        )


def _few(codes: Sequence[str]) -> str:
    return ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")


def _squeezed(name: str) -> str:
    return "".join(name.split())


def _short(name: str) -> str:
    """The name without what kind of body it is.

    >>> _short("东风社区居委会"), _short("东风社区"), _short("村")
    ('东风', '东风', '村')
    """
    suffix = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix) or name
