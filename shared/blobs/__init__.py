"""Files: sealed, named by a keyed digest of their content, kept on disk or in an object store, erased by their keys."""
