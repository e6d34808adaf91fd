"""Stream `opinion-<id>`: an opinion from its receipt to its referral or its end before it."""
