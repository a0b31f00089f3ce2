"""Files and folders that verbs write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


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


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill: it is at ``path`` when the block ends, or nothing is. For its owner's eyes alone.

    Refuses a path where something is, but for an empty folder.
    """
    from survey.messages import N_, Conflict, Failure, Message

    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise Conflict(Message(N_("{folder} 已经存在：请换一个文件夹名"), {"folder": path}))
    try:
        # Beside its place, so that the last step is a renaming, which happens or does not.
        with TemporaryDirectory(dir=path.absolute().parent, prefix=".unfinished-") as name:
            unfinished = Path(name) / "folder"
            unfinished.mkdir(mode=0o700)
            yield unfinished
            unfinished.rename(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure(Message(N_("写不了 {path}：{reason}"), {"path": path, "reason": reason})) from error
