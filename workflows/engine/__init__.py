"""Works one message: lease, reconcile, step, commit, deliver. `machine` has the two transition tables as data."""
