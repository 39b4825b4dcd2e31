"""When, where and with which settings: the process around the core."""
