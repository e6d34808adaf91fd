"""What whoever holds a receipt code is told: where it stands, in plain words (R8)."""
