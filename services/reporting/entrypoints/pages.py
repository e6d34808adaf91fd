"""Web pages over the queries; the reporting service serves none yet."""
