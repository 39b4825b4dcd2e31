"""Facts in, one verdict out. `table` is the decision table, `verdicts` has one row a verdict.

`wishes` says whether the words still ask for what was judged.
"""
