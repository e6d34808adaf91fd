"""What tests stand on: scenarios, worlds, builders, servers."""
