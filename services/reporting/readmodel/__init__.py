"""What the reporting service knows by heart: milestones and the values they are counted under."""
