"""PostgreSQL and Valkey out of their wheels: how they are found, started and stopped. Plain Python."""
