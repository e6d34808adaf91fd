"""An office's register as a file: read in bounds, checked row by row, recorded row by row, and what was rejected given back."""
