"""The command line: which commands, arguments and options there are. What they do is imported when they are called."""
