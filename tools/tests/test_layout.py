"""The tools know nothing of what uses them."""

import ast

from tools.paths import ROOT


def test_the_tools_import_nothing_of_deploy_and_local():
    imported = set()
    for file in (ROOT / "tools").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert "tools" in imported
    assert not imported & {"deploy", "local"}
    print(f"saw {len(imported)} imported packages")
