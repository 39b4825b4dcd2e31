"""Start `forcesync` as a module."""

from worker.commandline.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
