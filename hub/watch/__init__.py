"""How the hub is watched: figures, logs and traces. Everything else may use it; it knows nothing of the rest."""
