"""`python -m deploy`: the command line, where the console script is not on the path."""

from deploy.cli import main

main()
