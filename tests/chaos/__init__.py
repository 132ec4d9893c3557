"""Load from outside while processes are killed at random; then every acknowledged call is accounted for.

`make chaos MINUTES=60` runs it for an hour and prints the ledger; the test command runs it for a short while.
`make chaos-story MINUTES=60` does the same with the main job: people come, move and leave.
"""
