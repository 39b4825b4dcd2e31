"""The process around the core: command line, settings, scheduler, actors and store."""
