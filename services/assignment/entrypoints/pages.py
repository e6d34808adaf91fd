"""Web pages over the queries; the assignment service serves none yet."""
