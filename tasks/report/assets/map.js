// Draws the map with Leaflet on a base map of Natural Earth; how a point is drawn tells how well its place is known.
"use strict";

(function (CL) {
  const { h } = CL;
  const WORDS = { 1: "Exact: the named place", 2: "Near the named place", 3: "Region: its reference point only" };
  const MAX_CITY_LABELS = 28;
  const LISTED = 150;

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // One symbol a place and precision.
  function places(rows) {
    const found = new Map();
    for (const row of rows) {
      const key = CL.placeKey(row);
      if (!key) continue;
      const full = `${key}/${row.geo_precision}`;
      if (!found.has(full))
        found.set(full, {
          key,
          latitude: row.latitude,
          longitude: row.longitude,
          precision: row.geo_precision,
          rows: [],
          names: new Map(),
        });
      const place = found.get(full);
      place.rows.push(row);
      const name = row.place_name || row.admin1 || "";
      place.names.set(name, (place.names.get(name) || 0) + 1);
    }
    for (const place of found.values()) place.name = [...place.names].sort((a, b) => b[1] - a[1])[0][0] || place.key;
    return [...found.values()];
  }

  function placeSum(place, measure) {
    const sum = CL.newSum();
    for (const row of place.rows) {
      if (CL.isUmbrella(row)) continue;
      CL.addTo(sum, ...(measure === "incidents" ? [1, 1] : measure === "injured" ? CL.injured(row) : CL.killed(row)));
    }
    return sum;
  }

  function style(precision, measure) {
    const colour = css(`--${measure}`);
    if (precision === 3)
      return { color: colour, weight: 1.6, dashArray: "5 4", fillColor: colour, fillOpacity: 0.05, opacity: 0.9 };
    if (precision === 2)
      return { color: colour, weight: 1.6, dashArray: "2 3", fillColor: colour, fillOpacity: 0.22, opacity: 1 };
    return { color: css("--panel"), weight: 1, fillColor: colour, fillOpacity: 0.72, opacity: 1 };
  }

  function summary(place, measure) {
    const sum = placeSum(place, measure);
    return h(
      "div",
      { class: "map-words" },
      h("strong", {}, CL.name(place.name)),
      h("br"),
      measure === "incidents" ? null : [`${CL.measures[measure]}: ${CL.sumWords(sum)}`, h("br")],
      `${CL.number(place.rows.length)} ${place.rows.length === 1 ? "incident" : "incidents"} · ${WORDS[place.precision] || ""}`,
    );
  }

  function popup(place, measure) {
    const rows = CL.sort(place.rows, "-date").slice(0, 8);
    return h(
      "div",
      { class: "map-popup" },
      summary(place, measure),
      h(
        "ul",
        {},
        rows.map((row) =>
          h(
            "li",
            {},
            h(
              "a",
              { href: CL.incidentAddress(row.incident_id) },
              [
                CL.when(row) || "no date",
                row.sub_event_type,
                CL.range(row.killed_min, row.killed_max) && `${CL.range(row.killed_min, row.killed_max)} killed`,
              ]
                .filter(Boolean)
                .join(" · "),
            ),
          ),
        ),
      ),
      place.rows.length > 1
        ? CL.button(`Show only these ${CL.number(place.rows.length)}`, () => CL.go({ at: place.key }))
        : null,
    );
  }

  function legend() {
    const symbol = (precision) => {
      const circle = CL.svg("circle", { cx: 9, cy: 9, r: 6.5, class: `precision-${precision}` });
      const svg = CL.svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" }, circle);
      return svg;
    };
    return h(
      "ul",
      { class: "legend" },
      [1, 2, 3].map((precision) => h("li", {}, symbol(precision), WORDS[precision])),
      h("li", { class: "remark" }, "The larger, the higher the number."),
    );
  }

  function baseMap(map, world) {
    const countries = topojson.feature(world.topology, world.topology.objects.countries);
    // Features over the date line would be drawn right across the map.
    const land = L.geoJSON(countries, {
      interactive: false,
      style: () => ({ color: css("--map-border"), weight: 0.8, fillColor: css("--map-land"), fillOpacity: 1 }),
      pane: "land",
    });
    land.addTo(map);
    const centres = countries.features
      .map((f) => [f.properties.name, d3.geoCentroid(f), d3.geoArea(f)])
      .filter((c) => c[2] > 0.0004)
      .sort((a, b) => b[2] - a[2]);
    const labels = L.layerGroup().addTo(map);

    function name(text, latitude, longitude, kind) {
      const element = h("span", {}, text);
      const icon = L.divIcon({ html: element, className: `map-label ${kind}`, iconSize: null });
      L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(labels);
    }

    function draw() {
      labels.clearLayers();
      const bounds = map.getBounds();
      const zoom = map.getZoom();
      const taken = [];
      const free = (latitude, longitude, width, height) => {
        const p = map.latLngToContainerPoint([latitude, longitude]);
        const box = [p.x - width / 2, p.y - height / 2, p.x + width / 2, p.y + height / 2];
        if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) return false;
        taken.push(box);
        return true;
      };
      if (zoom <= 7) {
        for (const [text, [lon, lat], area] of centres) {
          if (area * 4 ** zoom > 2 && bounds.contains([lat, lon]) && free(lat, lon, text.length * 8 + 12, 22))
            name(text, lat, lon, "country");
        }
      }
      if (zoom < 4) return;
      let shown = 0;
      for (const [text, lat, lon] of world.cities) {
        if (shown >= MAX_CITY_LABELS) break;
        if (bounds.contains([lat, lon]) && free(lat, lon, text.length * 6.5 + 26, 22)) {
          name(text, lat, lon, "city");
          shown += 1;
        }
      }
    }
    map.on("moveend", draw);
    return {
      draw,
      countries,
      restyle: () => land.setStyle({ color: css("--map-border"), fillColor: css("--map-land") }),
    };
  }

  // What no point stands for, by reason; each reason is a filter.
  function undrawn(rows) {
    const reasons = new Map();
    for (const row of rows)
      if (!CL.placeKey(row)) reasons.set(row.geo_basis, [...(reasons.get(row.geo_basis) || []), row]);
    const total = [...reasons.values()].reduce((n, list) => n + list.length, 0);
    if (!total) return h("p", { class: "remark" }, "Every incident shown has a point on the map.");
    return h(
      "details",
      { class: "undrawn" },
      h("summary", {}, `${CL.number(total)} not on the map`),
      [...reasons]
        .sort((a, b) => b[1].length - a[1].length)
        .map(([basis, list]) =>
          h(
            "section",
            {},
            h(
              "h4",
              {},
              CL.button(
                `${CL.word("geo_basis", basis).replace("no point: ", "")} (${CL.number(list.length)})`,
                () => CL.toggle("basis", basis),
                { class: "plain" },
              ),
            ),
            h(
              "ul",
              {},
              list
                .slice(0, 30)
                .map((row) =>
                  h(
                    "li",
                    {},
                    h(
                      "a",
                      { href: CL.incidentAddress(row.incident_id) },
                      CL.name(row.place_name || row.admin1 || CL.country(row.country_code) || "place not named"),
                      ` · ${row.sub_event_type}${CL.when(row) ? ` · ${CL.when(row)}` : ""}`,
                    ),
                  ),
                ),
              list.length > 30
                ? h("li", { class: "remark" }, `and ${CL.number(list.length - 30)} more: choose the reason above`)
                : null,
            ),
          ),
        ),
    );
  }

  // The places in words: what the map shows, for those who do not see or point at it.
  function placeList(found, measure) {
    const sorted = found
      .map((place) => [place, placeSum(place, measure)])
      .sort((a, b) => b[1].low - a[1].low || b[0].rows.length - a[0].rows.length);
    return h(
      "details",
      { class: "place-list" },
      h("summary", {}, `${CL.number(found.length)} places on the map, as a list`),
      h(
        "ol",
        {},
        sorted.slice(0, LISTED).map(([place, sum]) =>
          h(
            "li",
            {},
            CL.button(CL.name(place.name), () => CL.toggle("at", place.key), { class: "plain" }),
            ` ${measure === "incidents" ? "" : `${CL.sumWords(sum)} ${measure}, `}${CL.counted(place.rows.length, "incident")}, ${(WORDS[place.precision] || "").toLowerCase()}`,
          ),
        ),
      ),
      sorted.length > LISTED ? h("p", { class: "remark" }, `and ${CL.number(sorted.length - LISTED)} more`) : null,
    );
  }

  CL.makeMap = function () {
    const canvas = h("div", {
      class: "map",
      role: "application",
      "aria-label": "Map of the incidents; the list below it tells the same",
    });
    const lists = h("div", { class: "map-lists" });
    const element = h(
      "section",
      { class: "map-part", "aria-labelledby": "map-heading" },
      h("h2", { id: "map-heading", class: "unseen" }, "Map"),
      canvas,
      legend(),
      lists,
      h(
        "p",
        { class: "remark credit" },
        "Base map: Natural Earth (public domain). Towns: GeoNames (CC BY 4.0). Borders are for orientation and take no side.",
      ),
    );
    let map = null;
    let base = null;
    let symbols = null;
    let fitted = "";

    async function start() {
      map = L.map(canvas, {
        preferCanvas: true,
        attributionControl: false,
        zoomControl: true,
        minZoom: 2,
        maxZoom: 11,
        worldCopyJump: false,
        zoomSnap: 0.5,
        maxBounds: [
          [-75, -200],
          [85, 200],
        ],
      });
      map.createPane("land").style.zIndex = 200;
      map.createPane("names").style.zIndex = 450;
      map.getPane("names").style.pointerEvents = "none";
      map.setView([20, 20], 2);
      L.control.scale({ imperial: false }).addTo(map);
      symbols = L.layerGroup().addTo(map);
      base = baseMap(map, await CL.load("world"));
      base.draw();
    }

    function draw(found, measure) {
      symbols.clearLayers();
      const sized = found.map((place) => [place, placeSum(place, measure).low]);
      const largest = Math.max(1, ...sized.map((pair) => pair[1]));
      // Many places leave each less room.
      const [least, most] = found.length > 2000 ? [1.8, 13] : found.length > 400 ? [3, 24] : [4, 34];
      const grow = Math.min(most, 10 + 3 * Math.sqrt(largest)) / Math.sqrt(largest);
      // Regions first and large before small, so that nothing hides what is known better.
      sized.sort((a, b) => b[0].precision - a[0].precision || b[1] - a[1]);
      for (const [place, value] of sized) {
        const radius = Math.max(place.precision === 3 ? least + 3 : least, Math.sqrt(value) * grow);
        const symbol = L.circleMarker([place.latitude, place.longitude], {
          radius,
          ...style(place.precision, measure),
          ...(most < 20 && place.precision === 1 ? { weight: 0.5, fillOpacity: 0.5 } : {}),
        });
        symbol.bindTooltip(() => summary(place, measure), { direction: "top" });
        symbol.bindPopup(() => popup(place, measure), { maxWidth: 320 });
        symbols.addLayer(symbol);
      }
    }

    function fit(found) {
      const signature = CL.filterNames.map((name) => CL.state[name] || "").join("|");
      if (!found.length || signature === fitted) return;
      fitted = signature;
      // The few far away do not shrink the many: the middle 96 % of incidents.
      const spread = (name) => {
        const values = found.flatMap((p) => Array(Math.min(p.rows.length, 50)).fill(p[name])).sort((a, b) => a - b);
        return [d3.quantile(values, 0.02), d3.quantile(values, 0.98)];
      };
      const [south, north] = spread("latitude");
      const [west, east] = spread("longitude");
      map.fitBounds(
        [
          [south, west],
          [north, east],
        ],
        { padding: [30, 30], maxZoom: 8, animate: false },
      );
    }

    async function update(rows, measure) {
      const found = places(rows);
      CL.append(CL.clear(lists), undrawn(rows), placeList(found, measure));
      map = map || (await start(), map);
      map.invalidateSize();
      draw(found, measure);
      fit(found);
    }
    // Paper is narrower than the window, and what Leaflet draws anew just before printing comes out empty: a picture of its own.
    window.addEventListener("beforeprint", () => {
      if (map && canvas.isConnected && !element.querySelector(".print-map"))
        canvas.after(CL.printedMap(map, base.countries, symbols));
    });
    window.addEventListener("afterprint", () => element.querySelectorAll(".print-map").forEach((one) => one.remove()));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      if (base) base.restyle();
      CL.show();
    });
    return { element, update };
  };
})(window.ConflictLedger);
