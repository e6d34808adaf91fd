"""PostgreSQL and Kafka on this machine: for a trial, the demonstration, the tests."""
