"""The control server: reads and judges the far side for programs that drive it."""
