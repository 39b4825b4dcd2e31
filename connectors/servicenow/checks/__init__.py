"""Holds the settings against the instance: at the start, for the doctor, and before there are settings."""
