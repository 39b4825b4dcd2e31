"""Start `forcesync` as a module."""

import sys

STOPPED = 130  # as a shell has it: 128 and the number of SIGINT


def main() -> None:
    """Run the command line; Ctrl-C ends it without a word, also while it is still being loaded."""
    try:
        from worker.commandline.app import main as command  # noqa: PLC0415  # takes a moment

        command()
    except KeyboardInterrupt:
        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
