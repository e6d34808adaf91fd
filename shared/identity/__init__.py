"""Who asks: scoped bearer tokens, local accounts of people, their sessions in the browser."""
