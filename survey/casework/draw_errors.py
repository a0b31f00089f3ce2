"""What a draw refuses, in words: the errors of the sampling, with the names of the places they are about."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from analysis.sampling import allocation_errors as allocation
from analysis.sampling import stage_errors as stages
from analysis.sampling.sample_design import StageUnit
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.selection_errors import DrawTooLongError
from survey.areas import Area
from survey.messages import N_, BadInput, Conflict, Message

#: Places that are named; of more the number is told.
MOST_NAMED = 10
_UNITS: Mapping[StageUnit, str] = {
    StageUnit.COMMUNITY: N_("社区"),
    StageUnit.GRID: N_("网格"),
    StageUnit.DWELLING: N_("可抽的单元"),
}
_TOO_FEW = N_("{unit}不够抽：{places}（有的数 < 要抽的数）。请减少要抽的数，或允许小社区全部抽中（whole_if_small）")
_TOO_SMALL = N_(
    "{unit}不够抽：{places}（有的数 < 要抽的数，连备用的在内）。请减少要抽的数，或把太小的网格、社区与相邻的合并；"
    "只按住户一个阶段抽时，[allocation] 的 whole_if_small 允许小社区全部抽中"
)


@contextmanager
def refused_in_words(areas: Iterable[Area]) -> Iterator[None]:
    """Whatever the sampling refuses comes out as :class:`BadInput`; :class:`Conflict` for a frame with nothing to draw.

    ``areas``: of the frame, for their names.
    """
    try:
        yield
    except stages.NothingToDrawError as error:
        raise Conflict(Message(N_("抽样框里没有可以抽取的单元：全部已拆除或作商用"))) from error
    except SamplingError as error:
        raise BadInput(_Words({area.code: area.name for area in areas}).of(error)) from error


class _Words:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def of(self, error: SamplingError) -> Message:
        """In the order of the causes: the frame, the sizes, the shares, the earlier draws."""
        for words in (self._frame, self._sizes, self._shares, self._earlier):
            if (found := words(error)) is not None:
                return found
        return Message(N_("按这个设计不能抽：{detail}"), {"detail": str(error)})

    def _frame(self, error: SamplingError) -> Message | None:
        match error:
            case stages.NoGridError():
                text = N_("{places} 有单元没有写网格，不能按网格抽：请在抽样框里补上，或者不用网格这一阶段")
                return Message(text, {"places": self._named(error.communities)})
            case stages.GridsSharedError():
                text = N_("网格 {places} 出现在几个社区里：每个网格应只属于一个社区，请改正抽样框")
                return Message(text, {"places": self._named(error.grids)})
            case stages.PermanentKeysError():
                text = N_("{place} 有两个单元的网格和地址完全一样，永久随机数分不开它们：请改正抽样框")
                return Message(text, {"place": self._name(error.code)})
        return None

    def _sizes(self, error: SamplingError) -> Message | None:
        match error:
            case stages.ZeroSizesError():
                text = N_("{places} 的规模是 0，按规模抽取时永远抽不到：请补上数字、并入相邻的{unit}，或换一种规模")
                return Message(text, {"places": self._named(error.codes), "unit": Message(_UNITS[error.unit])})
            case stages.TooSmallError():
                told = [(place.code, place.has, place.wanted) for place in error.places]
                return Message(_TOO_SMALL, {"unit": Message(_UNITS[error.unit]), "places": self._short(told)})
            case stages.UnequalWeightsError():
                text = N_("每个抽中的{unit}有自己的权重，却只抽 {cases} 户：应至少 {least} 户，否则权重会暴露住户")
                facts = {"unit": Message(_UNITS[error.unit]), "cases": error.cases, "least": error.least}
                return Message(text, facts)
            case stages.ReservesUnevenError():
                text = N_("每个社区备用 {reserves} 户，不能平均分给 {parts} 个抽中的网格：应是 {parts} 的倍数")
                return Message(text, {"reserves": error.reserves, "parts": error.parts})
            case stages.ProbabilityTooFineError():
                text = N_("{place} 的入样概率要用 2^63 以上的整数才能写准：请减少阶段，或用较小的规模数字")
                return Message(text, {"place": self._name(error.code)})
            case DrawTooLongError():
                text = N_("按这些规模，方法 {method} 估计要试 {steps} 次，太久：请改用 pps_systematic")
                return Message(text, {"method": error.method, "steps": error.steps})
        return None

    def _shares(self, error: SamplingError) -> Message | None:
        match error:
            case allocation.TooFewUnits():
                told = [(one.community, one.units, one.wanted) for one in error.shortages]
                unit = Message(_UNITS[StageUnit.DWELLING])
                return Message(_TOO_FEW, {"unit": unit, "places": self._short(told)})
            case allocation.UnknownCommunities():
                text = N_("allocation.{name} 里有抽样框没有的社区：{places}")
                return Message(text, {"name": error.name, "places": self._named(error.communities)})
            case allocation.UnnamedCommunities():
                text = N_("allocation.given 没有写这些社区：{places}；一户不抽也要写 0")
                return Message(text, {"places": self._named(error.communities)})
            case allocation.NumberMissing():
                return Message(N_("分配规则 {rule} 需要 {name}"), {"rule": error.rule, "name": error.name})
            case allocation.NumberOutOfRange():
                facts = {"name": error.name, "got": error.got, "expected": error.expected}
                return Message(N_("allocation.{name} 是 {got}：应为 {expected}"), facts)
            case allocation.TotalTooLarge():
                text = N_("总数 {total} 多于可抽的单元：共有 {units} 个")
                return Message(text, {"total": error.total, "units": error.units})
            case allocation.TotalTooSmall():
                text = N_("总数 {total} 太少：各社区最少的数加起来是 {least}")
                return Message(text, {"total": error.total, "least": error.least})
            case allocation.BudgetTooSmall():
                text = N_("预算 {budget} 不够：各社区最少的数要花 {least}")
                return Message(text, {"budget": f"{error.budget:g}", "least": f"{error.least:g}"})
        return None

    def _earlier(self, error: SamplingError) -> Message | None:
        match error:
            case stages.NobodyFreeError():
                text = N_(
                    "{place} 的 {units} 个单元里只有 {free} 个不轮休（在 {months} 个月内各次抽样的号段之外），"
                    "要抽 {wanted} 个。请少抽一些，或缩短 rest.months"
                )
                facts = {"free": error.free, "units": error.units, "wanted": error.wanted, "months": error.months}
                return Message(text, {"place": self._name(error.code), **facts})
            case stages.RestUnknownError():
                text = N_("{day} 前访完的那次抽样不能轮休：它不是按永久随机数抽的，或者分层不同。请缩短 rest.months")
                return Message(text, {"day": error.visited_on.isoformat()})
            case stages.OverlapError():
                text = N_("{label} 的重叠比例不能是 {got}：应在 {least} 到 {most} 之间")
                share = {"got": f"{error.got:g}", "least": f"{error.least:.4f}", "most": f"{error.most:.4f}"}
                return Message(text, {"label": error.label, **share})
            case stages.OverlapUnknownError():
                text = N_("{day} 前访完的那次抽样不是用 {method} 抽的网格或社区，不能规定与它重叠多少")
                return Message(text, {"day": error.visited_on.isoformat(), "method": error.method})
        return None

    def _name(self, code: str) -> str:
        return f"{self.names[code]} ({code})" if code in self.names else code

    def _named(self, codes: Iterable[str]) -> str:
        return _listed([self._name(code) for code in codes])

    def _short(self, places: Iterable[tuple[str, int, int]]) -> str:
        return _listed([f"{self._name(code) or '*'} {has} < {wanted}" for code, has, wanted in places])


def _listed(parts: list[str]) -> str:
    more = f", … (+{len(parts) - MOST_NAMED})" if len(parts) > MOST_NAMED else ""
    return ", ".join(parts[:MOST_NAMED]) + more
