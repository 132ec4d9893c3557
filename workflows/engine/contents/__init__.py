"""Values too large for the rows of runs. See docs/decisions/0011-large-values-apart.md."""

from workflows.engine.contents.places import StoreAway
from workflows.engine.contents.reading import Large, TooLarge
from workflows.engine.contents.splitting import put_apart
from workflows.engine.contents.writing import Writer, use

__all__ = ["Large", "StoreAway", "TooLarge", "Writer", "put_apart", "use"]
