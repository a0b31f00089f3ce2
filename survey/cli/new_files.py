"""Files that verbs write."""

from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """Refuses to overwrite: what is there is worth more than a file name."""
    from survey.messages import N_, Conflict, Failure, Message

    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise Conflict(Message(N_("{file} 已经存在：请换一个文件名"), {"file": path})) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure(Message(N_("写不了文件 {file}：{reason}"), {"file": path, "reason": reason})) from error
