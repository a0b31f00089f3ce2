"""Text files that a verb is given."""

from pathlib import Path

from survey.messages import N_, BadInput, Message


def read_text(path: Path) -> str:
    """Raises :class:`BadInput` for a file that cannot be read, or is no UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        message = N_("读不了文件 {file}：应为 UTF-8 文本")
        raise BadInput(Message(message, {"file": str(path)})) from error
