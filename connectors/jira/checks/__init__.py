"""Holds the settings against the site: at the start, for the doctor, and before there are settings."""
