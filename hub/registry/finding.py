"""Where connectors are: our folder, further folders by setting, and pip packages by entry point."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from hub.registry.entries import Catalog, Connector
from hub.registry.loading import Place, load
from hub.registry.manifest import Problem

GROUP = "lockgate.connectors"


def find(own: Path, further: Iterable[Path]) -> Catalog:
    """Look everywhere and load what is there. Of two with one name the first is kept and the other reported."""
    connectors: dict[str, Connector] = {}
    problems: list[Problem] = []
    for place in _places(own, further, problems):
        if place.name in connectors:
            kept = connectors[place.name].source
            problems.append(
                Problem(
                    place.name,
                    str(place.folder),
                    "",
                    f"{kept} already brings a connector of this name; this one is not used.",
                )
            )
            continue
        connector, found = load(place)
        problems.extend(found)
        if connector is not None:
            connectors[place.name] = connector
    return Catalog(dict(sorted(connectors.items())), tuple(problems))


def _places(own: Path, further: Iterable[Path], problems: list[Problem]) -> Iterator[Place]:
    yield from _in_folder(own, "connectors")
    for folder in further:
        if folder.is_dir():
            yield from _in_folder(folder, _package_for(folder))
        else:
            problems.append(
                Problem(
                    folder.name, str(folder), "LOCKGATE_CONNECTOR_PATHS", "There is no such folder.", broken=False
                )
            )
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        place = _of_entry_point(point, problems)
        if place is not None:
            yield place


def _in_folder(folder: Path, package: str) -> Iterator[Place]:
    for path in sorted(folder.glob("*/manifest.toml")):
        yield Place(path.parent.name, path.parent, f"{package}.{path.parent.name}", f"the folder {folder.name}")


def _of_entry_point(point: EntryPoint, problems: list[Problem]) -> Place | None:
    package = f"the package {point.dist.name}" if point.dist else "a package"
    try:
        module = importlib.import_module(point.module)
        folder = Path(next(iter(module.__path__)))
    except Exception as trouble:
        message = f"{package} names it, but it cannot be imported: {type(trouble).__name__}."
        problems.append(Problem(point.name, point.value, GROUP, message))
        return None
    return Place(point.name, folder, point.module, package)


def _package_for(folder: Path) -> str:
    """A package of our own making for a folder that is not on the path, so that its connectors can be imported."""
    name = f"lockgate_connectors_{hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()}"
    if name not in sys.modules:
        spec = ModuleSpec(name, loader=None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        made: ModuleType = importlib.util.module_from_spec(spec)
        sys.modules[name] = made
    return name
