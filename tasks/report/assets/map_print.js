// The map for paper: the view that is on the screen, drawn once, in a width that a sheet has.
"use strict";

(function (CL) {
  const SIZE = [660, 420];

  // `symbols` are the circle markers on the map; their radius in pixels stays.
  CL.printedMap = function (map, countries, symbols) {
    const bounds = map.getBounds();
    const corners = [
      [bounds.getWest(), Math.max(-80, bounds.getSouth())],
      [bounds.getEast(), Math.min(80, bounds.getNorth())],
    ];
    const projection = d3.geoMercator().fitSize(SIZE, { type: "MultiPoint", coordinates: corners });
    projection.clipExtent([[0, 0], SIZE]);
    const path = d3.geoPath(projection);
    const svg = CL.svg("svg", {
      viewBox: `0 0 ${SIZE.join(" ")}`,
      class: "print-map",
      role: "img",
      "aria-label": "Map of the incidents",
    });
    for (const country of countries.features) {
      const d = path(country);
      if (d) svg.append(CL.svg("path", { d, fill: "#f1efe8", stroke: "#a9a498", "stroke-width": 0.6 }));
    }
    for (const layer of symbols.getLayers()) {
      const { lat, lng } = layer.getLatLng();
      const point = projection([lng, lat]);
      if (!point || point[0] < 0 || point[1] < 0 || point[0] > SIZE[0] || point[1] > SIZE[1]) continue;
      const { color, fillColor, fillOpacity, weight, dashArray } = layer.options;
      const circle = { cx: point[0].toFixed(1), cy: point[1].toFixed(1), r: (layer.getRadius() * 0.7).toFixed(1) };
      const look = { fill: fillColor, "fill-opacity": fillOpacity, stroke: color, "stroke-width": weight };
      svg.append(CL.svg("circle", { ...circle, ...look, ...(dashArray ? { "stroke-dasharray": dashArray } : {}) }));
    }
    return svg;
  };
})(window.ConflictLedger);
