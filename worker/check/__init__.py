"""`forcesync check`: the documented precheck for one user, by hand and read only."""
