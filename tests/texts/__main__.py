"""Prints the page."""

from __future__ import annotations

import sys

from tests.texts.page import page

sys.stdout.write(page())
