"""A sealed file that belongs to something: a letter, a proof, the scan of a signed paper."""
