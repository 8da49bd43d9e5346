"""The README's blocks, run as a reader would: each ```sh block in one shell, its output held against the block after it.

What is expected is text or JSON in which `…` stands for anything; in a JSON object the member "…" stands for more of them.
`deploy/run` is not run again: `daybook demo`, which it ends in, is started on a free port, and what it prints is held
against the block after it. The line with the exports is taken from there too.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from child import Child  # noqa: E402
from daybook_server import binary, clean_environment  # noqa: E402

BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPORTS = re.compile(r"export DAYBOOK_URL=\S+ DAYBOOK_KEY=.*")
MARK = "--- end of block ---"


def blocks(markdown):
    """(language, text) of every block, in order."""
    return BLOCK.findall(markdown)


def steps(markdown):
    """(command, language, expected) of each sh block; no language where nothing is said about its output."""
    found = blocks(markdown)
    for (language, text), (next_language, next_text) in zip(found, found[1:] + [("", "")]):
        if language == "sh":
            said = next_language in ("json", "text")
            yield text, next_language if said else "", next_text if said else ""


def text_matches(expected, said):
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def json_matches(expected, said):
    if isinstance(expected, dict) and isinstance(said, dict):
        more = "…" in expected
        names = set(expected) - {"…"}
        return (names <= set(said) if more else names == set(said)) and all(
            json_matches(expected[name], said[name]) for name in names)
    if isinstance(expected, list) and isinstance(said, list):
        more = expected[-1:] == ["…"]
        wanted = expected[:-1] if more else expected
        return (len(said) >= len(wanted) if more else len(said) == len(wanted)) and all(map(json_matches, wanted, said))
    if isinstance(expected, str) and "…" in expected:
        return text_matches(expected, said if isinstance(said, str) else json.dumps(said))
    return type(expected) is type(said) and expected == said


def matches(language, expected, said):
    if language == "json":
        return json_matches(json.loads(expected), json.loads(said))
    return language == "" or text_matches(expected, said)


def run_all(commands, env, cwd):
    """What each of the commands printed, all in one shell that ends at the first failure."""
    script = "".join(f"{command}\necho '{MARK}'\n" for command in commands)
    done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", script], env=env, cwd=cwd, text=True, timeout=120,
                          capture_output=True)
    outputs = done.stdout.split(MARK + "\n")
    assert done.returncode == 0, f"{commands[len(outputs) - 1]}ended with {done.returncode}: {outputs[-1]}{done.stderr}"
    return outputs[:-1]


def test_the_first_minutes_are_as_written(tmp_path):
    told = list(steps((ROOT / "README.md").read_text(encoding="utf-8")))
    (_, _, banner), = [step for step in told if step[0].strip() == "deploy/run"]
    told = [step for step in told if not step[0].startswith("deploy/")]
    assert len(told) == 9
    demo = Child([binary(), "demo", "--listen", "127.0.0.1:0", "--data", tmp_path / "demo"], env=clean_environment())
    try:
        exports = demo.wait_for_line(EXPORTS)
        demo.wait_for_line(re.compile("Ctrl-C"))
        assert text_matches("…" + banner.strip().replace("7400", "…") + "…", demo.output()), demo.output()
        env = {**clean_environment(), "PATH": f"{binary().parent}{os.pathsep}{os.environ['PATH']}"}
        commands = [EXPORTS.sub(lambda _: exports.group(0), command) for command, _, _ in told]
        said = run_all([command.replace("build/release/daybook", "daybook") for command in commands], env, ROOT)
        for (command, language, expected), output in zip(told, said):
            assert matches(language, expected, output), f"{command}printed:\n{output}\nand not:\n{expected}"
    finally:
        demo.end()


def test_expectations_can_fail():
    assert text_matches("a…c", "abc") and not text_matches("a…c", "abd")
    assert json_matches({"a": "x…", "…": "…"}, {"a": "xy", "b": 1}) and not json_matches({"a": 1}, {"a": 1, "b": 2})
    assert json_matches([1, "…"], [1, 2]) and not json_matches([1], [1, 2]) and not json_matches(1, True)
