"""The command line as a process of its own: the console script, or `python -m deploy`."""

import gc


def main() -> None:
    """Import everything, then see which verb is asked for."""
    # What is imported lives as long as the process: to look through it for garbage again and again is a fifth of the start.
    gc.disable()
    from deploy.cli import main as ask

    gc.freeze()
    gc.enable()
    ask()


if __name__ == "__main__":
    main()
