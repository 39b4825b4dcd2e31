"""The life of one Force Sync run: gathering, approval, starting; when it may start and how far it reaches."""
