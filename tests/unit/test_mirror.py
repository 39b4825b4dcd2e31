"""The unit tests mirror the product's tree, so that a module's tests are found by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTS = sorted(path for top in ("workflows", "connectors", "worker") for path in (HERE / top).rglob("test_*.py"))


@pytest.mark.parametrize("test", TESTS, ids=lambda path: str(path.relative_to(HERE)))
def test_each_tests_the_module_or_package_of_its_path(test: Path) -> None:
    package = ROOT / test.parent.relative_to(HERE)
    name = test.stem.removeprefix("test_")
    assert package.is_dir()
    assert (package / f"{name}.py").exists() or package.name == name, f"{package.name} has no {name}.py"


def test_no_test_of_a_product_module_lies_outside_the_mirror() -> None:
    assert {"test_mirror.py", "test_runtime_lock.py"} == {path.name for path in HERE.glob("test_*.py")}
