"""What the assignment service decides, stream by stream: pure functions over frozen states."""
