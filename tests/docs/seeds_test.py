"""docs/seeds.md: each row is whole, and the test that it names exists."""

import ast
import pathlib
import re

TESTS = pathlib.Path(__file__).resolve().parents[1]
ROW = re.compile(r"\| ([A-Z])(\d+) \| ([^|]+) \| ([^|]*) ?\| (open|page|`([\w/]+\.(?:py|cc))::([\w.]+)`) \|")
GTEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)


def rows_of(text):
    """The rows of all tables, without their heads."""
    return [line for line in text.splitlines() if line.startswith("|") and not re.match(r"\| \||\|-", line)]


def names_in(file):
    """Names of the tests in a file, as pytest and GoogleTest call them."""
    text = (TESTS / file).read_text(encoding="utf-8")
    if file.endswith(".cc"):
        return {f"{suite}.{name}" for suite, name in GTEST.findall(text)}
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def problems_of(text):
    problems, last = [], {}
    for line in rows_of(text):
        row = ROW.fullmatch(line)
        if not row:
            problems.append(f"not a row: {line}")
            continue
        letter, number, file, name = row[1], int(row[2]), row[6], row[7]
        if number != last.get(letter, 0) + 1:
            problems.append(f"{letter}{number} follows {letter}{last.get(letter, 0)}")
        last[letter] = number
        if file and not (TESTS / file).is_file():
            problems.append(f"{letter}{number}: no file {file}")
        elif file and name not in names_in(file):
            problems.append(f"{letter}{number}: no test {name} in {file}")
    return problems


def test_each_row_names_a_test_that_exists():
    text = (TESTS.parent / "docs" / "seeds.md").read_text(encoding="utf-8")
    assert problems_of(text) == []
    assert {line[2] for line in rows_of(text)} == {"A", "B", "C"}, "a table for each description"


def test_the_check_itself():
    good = "| A1 | a | b | `docs/seeds_test.py::test_the_check_itself` |\n| A2 | a | | open |"
    assert problems_of(good) == []
    assert problems_of("| A1 | a | b | `docs/seeds_test.py::test_other` |")
    assert problems_of("| A1 | a | b | `docs/none_test.py::test_other` |")
    assert problems_of("| A2 | a | b | open |")
    assert problems_of("| A1 | a | b | done |")
