"""The running process: broker, actors, scheduler, service, logs and clock."""
