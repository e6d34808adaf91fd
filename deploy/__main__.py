"""The command line as a process of its own: the console script, or `python -m deploy`."""

import gc


def main() -> None:
    """Import everything, then see which verb is asked for."""
    # What is imported stays (`deploy.collector`): to look through it for garbage while it comes is a fifth of the start.
    gc.disable()
    from deploy.cli import main as ask

    gc.enable()
    ask()


if __name__ == "__main__":
    main()
