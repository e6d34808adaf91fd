"""Reports as they are listed: their periods, who has confirmed, and what stands against their lock."""
