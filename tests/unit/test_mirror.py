"""The unit tests mirror the product's tree, so that a module's tests are found by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTS = sorted(path for path in HERE.rglob("test_*.py") if path != Path(__file__).resolve())


def test_unit_tests_are_found() -> None:
    assert len(TESTS) > 50, f"only {len(TESTS)} test modules below {HERE}"


@pytest.mark.parametrize("test", TESTS, ids=lambda path: str(path.relative_to(HERE)))
def test_each_tests_the_module_or_package_of_its_path(test: Path) -> None:
    shown, package = test.relative_to(ROOT), ROOT / test.parent.relative_to(HERE)
    assert package != ROOT, f"{shown} mirrors nothing: move it into the folder of what it tests"
    assert package.is_dir(), f"{shown} mirrors {package.relative_to(ROOT)}/, which does not exist"
    name = test.stem.removeprefix("test_")
    assert (package / f"{name}.py").exists() or package.name == name, (
        f"{shown} mirrors {package.relative_to(ROOT)}/{name}.py, which does not exist"
    )
