"""The source tree as the checks in this folder see it: our own files, without builds and installed packages."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTSIDE = {".git", "build", "node_modules", "__pycache__", ".venv", ".pytest_cache"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def files(*suffixes, below="."):
    """Our files with one of these suffixes, or all of them, in order."""
    found = []
    for path in (ROOT / below).rglob("*"):
        parts = path.relative_to(ROOT).parts
        if OUTSIDE.isdisjoint(parts) and path.is_file() and (not suffixes or path.suffix in suffixes):
            found.append(path)
    return sorted(found)


def name(path):
    """The path from the root, as includes and tables write it."""
    return path.relative_to(ROOT).as_posix()


def text(path):
    return path.read_text(encoding="utf-8", errors="replace")


def includes(source):
    """(is_quoted, header) of each #include in the text, in order."""
    return [(bracket == '"', header) for bracket, header in INCLUDE.findall(source)]
