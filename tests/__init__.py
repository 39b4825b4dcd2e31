"""The tests of forcesync."""
