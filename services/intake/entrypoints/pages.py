"""Web pages over the queries; the intake service serves none yet."""
