"""What a reorganisation does to open work: it moves by rule, or waits for a person."""
