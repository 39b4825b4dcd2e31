"""Compares and masks values, removes secrets from text, and words numbers, times and near names."""
