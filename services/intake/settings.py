"""The intake service's own settings: none yet; what it needs comes with the kernel and the directory."""
