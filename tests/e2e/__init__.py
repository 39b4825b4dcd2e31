"""Whole tickets through the worker on the sandbox, over real HTTP."""
