"""What waits for a person, in each of the capacities he acts in: his work, in piles."""
