"""The program of docs/log-format.md, run as it stands there."""

import pathlib
import re

FORMAT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "log-format.md"


def program():
    """{name: function} of the document: `fields` and `verify`."""
    text = FORMAT.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    names = {}
    exec(compile(code, str(FORMAT), "exec"), names)
    return names


def headers(records, read):
    """The header of every commit among (offset, bytes), by command."""
    found = {}
    for _, record in records:
        (kind, body), = read(record).items()
        if kind == 2:
            header = read(read(body)[2])
            found[header[2]] = header
    return found
