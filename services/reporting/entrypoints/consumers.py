"""When these things happen elsewhere, then these commands are asked here: nothing yet, reporting only counts."""
