"""The published language: facts with a name on disk and a version, one module a stream."""

from shared.contracts import calendar, case, directory, fence, opinion, task

__all__ = ["calendar", "case", "directory", "fence", "opinion", "task"]
