"""What the assignment service answers questions from: tables, the projections that fill them, the queries that read them."""
