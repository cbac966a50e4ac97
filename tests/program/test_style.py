"""Files, functions, comments and prose stay short enough to read."""

import ast
import re
import subprocess
from collections.abc import Iterator

from tests.program.program import ROOT

LONGEST_LINE = 120
LONGEST_FILE = 300
LONGEST_FUNCTION = 60


def sources(*endings: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *(f"*{ending}" for ending in endings)], cwd=ROOT, capture_output=True, text=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def rust_functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and length of every function, as rustfmt lays them out: its closing brace is as far in as its start."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        function = re.match(r"( *)(?:pub(?:\([a-z]+\))? )?(?:const |async |unsafe )*fn (\w+)", line)
        if function and not line.endswith((";", "}")):
            ends = (
                number for number in range(start, len(lines)) if re.match(rf"{function[1]}(}}|\S.*;$)", lines[number])
            )
            yield function[2], next(ends, start) - start + 1


def python_functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_a_screen_or_two():
    seen = 0
    for name in sources(".rs", ".py"):
        functions = rust_functions if name.endswith(".rs") else python_functions
        for function, length in functions((ROOT / name).read_text()):
            seen += 1
            assert length <= LONGEST_FUNCTION, f"{name}: {function} has {length} lines; split it"
    print(f"saw {seen} functions")
    assert seen > 1000


def test_no_file_is_too_long():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in sources(".rs", ".py")}
    longest = max(lengths, key=lambda name: lengths[name])
    print(f"saw {len(lengths)} files, the longest is {longest} with {lengths[longest]} lines")
    assert lengths[longest] <= LONGEST_FILE, f"{longest} has {lengths[longest]} lines; split it"


def test_no_line_of_rust_is_wider_than_its_comments_may_be():
    for name in sources(".rs"):
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            assert len(line) <= LONGEST_LINE, f"{name}:{number} has {len(line)} columns"


def test_no_line_of_prose_is_too_wide_but_in_tables_and_code():
    pages = 0
    for name in sources(".md"):
        pages += 1
        is_code = False
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            is_code ^= line.startswith("```")
            if not is_code and not line.startswith("|"):
                assert len(line) <= LONGEST_LINE, f"{name}:{number} has {len(line)} columns"
    print(f"saw {pages} pages")
    assert pages


def test_the_length_of_a_function_is_counted_with_its_braces():
    text = "impl A {\n    pub(crate) fn long(\n        a: u8,\n    ) -> u8 {\n        let b = a;\n        b\n    }\n}\n"
    assert list(rust_functions(text)) == [("long", 6)]
    assert list(python_functions("def f():\n    a = 1\n    return a\n")) == [("f", 3)]
