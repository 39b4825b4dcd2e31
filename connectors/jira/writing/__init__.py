"""Makes the writes of an intent on Jira, once each, and proves them by one reading after the last."""
