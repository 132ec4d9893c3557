"""Releases side by side, as during an update without a break: which runs this engine may carry out.

Workflows and runs say of which generation the engine was that has written about them last. An engine leaves alone
what is of a newer one: there may be kinds of steps in it that it does not know, or rows that it would read wrongly.
Whatever an older one has written it reads.
"""

OURS = 1
"""Counts up with a release whose documents or rows the one before cannot go on with; not with any other."""
