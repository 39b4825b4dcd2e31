"""The layers hold, nothing happens at import, and help is quick because heavy parts are imported late."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for top in ("worker", "connectors", "workflows") for path in (ROOT / top).rglob("*.py"))
MOST_MODULES, MOST_OF_A_PRODUCT = 14, 26  # of a package, and of a simulated product
VENDORS = {"pysnow", "jira", "requests"}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_vendors_libraries_stay_inside_connectors(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] != "connectors":
        assert not VENDORS & imports(path)


def test_a_package_is_small_enough_to_enter() -> None:
    packages = {path.parent for path in SOURCES}
    sizes = {package: len([path for path in package.glob("*.py") if path.stem != "__init__"]) for package in packages}
    products = {ROOT / "connectors" / "sandbox" / name for name in ("okta", "servicenow", "jira")}
    most = {package: MOST_OF_A_PRODUCT if package in products else MOST_MODULES for package in packages}
    assert [package for package in packages if sizes[package] > most[package]] == []


def tells_an_alert(path: Path) -> bool:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return any(ast.unparse(call.func).endswith("tell") and ast.unparse(call).find("'alert'") > 0 for call in calls)


def test_alerts_go_one_road_that_tells_each_cause_once() -> None:
    found = {str(path.relative_to(ROOT)) for path in SOURCES if tells_an_alert(path)}
    assert found == {"workflows/steps.py", "worker/process/processes.py"}  # a supervisor has no store to remember in


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_importing_everything_does_nothing(tmp_path: Path) -> None:
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES]
    wanted = [name for name in modules if not name.endswith("__main__") and ".migrations." not in name]
    program = (
        "import importlib, logging, os, sys, threading, warnings; warnings.simplefilter('ignore')\n"
        "before = set(os.environ.items())\n"
        f"for name in {wanted!r}: importlib.import_module(name)\n"
        "assert before == set(os.environ.items()), 'the environment was changed'\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "ours = [n for n in logging.Logger.manager.loggerDict"
        " if n.split('.')[0] in ('worker', 'connectors', 'workflows')]\n"
        "assert not any(logging.getLogger(n).handlers for n in [*ours, '']), 'a log handler was added'\n"
        "import dramatiq.broker; assert dramatiq.broker.global_broker is None, 'the process-wide broker was set'\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['forcesync', '--help']\n"
        "from worker.commandline.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pysnow', 'jira', 'requests', 'sqlalchemy', 'dramatiq', 'starlette', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "sandbox" in done.stdout
