"""Where words and names live: sealed, searchable by keyed tokens, erasable for good; every opening is written down."""
