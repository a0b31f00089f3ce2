"""What concerns a whole wave, or all of them, is not for those who are responsible for some areas of it."""

from survey.messages import N_, Message, NotAllowed
from survey.pages.access import current_account


def require_whole_wave() -> None:
    """Raises :class:`NotAllowed` for an account that is limited to areas."""
    if current_account().scope.areas:
        raise NotAllowed(Message(N_("您的账号只负责部分地区，这一步涉及整个轮次：请找不限地区的同事来做。")))


def require_no_limits() -> None:
    """Raises :class:`NotAllowed` for an account that is limited to areas or waves: a frame concerns all of them."""
    scope = current_account().scope
    if scope.areas or scope.waves:
        raise NotAllowed(Message(N_("您的账号只负责部分地区或轮次，抽样框涉及全部：请找不受限制的同事来做。")))
