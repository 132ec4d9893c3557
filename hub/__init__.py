"""The platform: it knows connectors and what is built on it by name only."""
