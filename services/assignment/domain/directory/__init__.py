"""Units, fields and people with their dates, as the domain changes and judges them."""
