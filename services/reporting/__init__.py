"""The reporting service: counts dated milestones into the figures of the formal reports."""
