"""`forcesync doctor`: whether settings, accounts, rights and names are right; `init` and the start check with it."""
