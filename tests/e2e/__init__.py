"""The whole job over real HTTP."""
