"""The parts of an office file: XML inside an archive, streamed, none trusted to be as large or as plain as it says."""

import posixpath
import zipfile
from collections.abc import Callable
from xml.parsers import expat

LARGEST_PART = 256_000_000
_CHUNK = 1 << 20

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class TooLarge(Exception):
    pass


class Forbidden(Exception):
    pass


def parse_part(archive: zipfile.ZipFile, part: str, start: Start, end: End, text: Callable[[str], None]) -> None:
    """Feed one part to the handlers; names arrive without the prefix of their namespace.

    Raises :class:`TooLarge`, :class:`Forbidden`, and what the archive and the parser raise.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, _attributes: dict[str, str]) -> None:
        """Most files use no prefix at all; for the others every name is cut."""
        if ":" in name:
            parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end

    parser.StartElementHandler = root
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _forbid
    size = 0
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > LARGEST_PART:
                raise TooLarge
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _forbid(*_declared: object) -> None:
    raise Forbidden


def elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, flat; an end is told by a name that starts with a slash."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    parse_part(archive, part, start, lambda name: found.append((f"/{name}", {})), lambda _text: None)
    return found


def relations(archive: zipfile.ZipFile, source: str) -> dict[str, tuple[str, str]]:
    """Relation of a part -> its kind and the part it leads to."""
    folder, _, file = source.rpartition("/")
    part = posixpath.join(folder, "_rels", f"{file}.rels")
    if part not in archive.namelist():
        return {}
    return {
        attributes["Id"]: (
            attributes["Type"].rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/"),
        )
        for name, attributes in elements(archive, part)
        if name == "Relationship"
    }
