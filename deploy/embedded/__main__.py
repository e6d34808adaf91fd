"""`python -m deploy.embedded`: the same as `doithoai serve`."""

from deploy.cli import app

app(["serve"])
