"""The arithmetic of Biểu 02: from dated milestones of handling episodes to columns, rates and identities."""
