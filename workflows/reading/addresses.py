"""E-mail addresses as they stand in texts."""

from __future__ import annotations

import re

EMAIL = re.compile(r"(?<![\w.%+'-])[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
