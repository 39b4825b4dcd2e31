"""Comparing, masking and finding secrets in values, and near names."""
