// The form of filters above the map, and the list of those in force.
"use strict";

(function (CL) {
  const { h } = CL;
  const NAMES = {
    q: "Words",
    from: "From",
    to: "To",
    country: "Country",
    kind: "Kind",
    group: "Victims",
    who: "Perpetrator",
    status: "Verification",
    geo: "Place",
    basis: "No point",
    at: "At",
    killed: "Killed",
    more: "Only",
  };
  const GEO = { 1: "exact point", 2: "near a named place", 3: "region only", none: "cannot be drawn" };
  const MORE = {
    several: "several sources",
    conflicts: "sources disagree",
    disputed: "disputed",
    undated: "no date",
    umbrella: "totals over several places",
    background: "told as background",
    decided: "reviewed",
    undecided: "not reviewed",
  };

  const counted = (rows, key) => {
    const counts = new Map();
    for (const row of rows) counts.set(key(row), (counts.get(key(row)) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  };
  const perpetrator = (value) => (value === "none" ? "nobody named" : value);

  function words(name, value) {
    switch (name) {
      case "from":
      case "to":
        return CL.day(value);
      case "country":
        return value === "none" ? CL.notKnown : CL.country(value);
      case "group":
        return CL.word("group", value);
      case "who":
        return perpetrator(value);
      case "status":
        return CL.word("verification", value);
      case "geo":
        return GEO[value] || value;
      case "basis":
        return CL.word("geo_basis", value).replace("no point: ", "");
      case "killed":
        return `${value} or more`;
      case "more":
        return MORE[value] || CL.word("flags", value);
      case "at": {
        const row = CL.incidents.find((one) => CL.placeKey(one) === value);
        return row ? row.place_name || row.admin1 || value : value;
      }
      default:
        return value;
    }
  }

  function field(label, control) {
    return h("label", { class: "field" }, h("span", {}, label), control);
  }

  function select(name, choices, any) {
    const control = h("select", { name, id: `filter-${name}` }, h("option", { value: "" }, any));
    for (const [value, text] of choices) control.append(h("option", { value, dir: "auto" }, text));
    control.addEventListener("change", () => CL.go({ [name]: control.value || null }));
    return control;
  }

  function dateInput(name) {
    const control = h("input", { type: "date", name, id: `filter-${name}` });
    control.addEventListener("change", () => CL.go({ [name]: control.value || null }));
    return control;
  }

  // The form; `update` sets the controls to the state and lists the filters in force.
  CL.makeFilters = function (rows) {
    const search = h("input", {
      type: "search",
      name: "q",
      id: "filter-q",
      placeholder: "Place, perpetrator, source, weapon …",
      autocomplete: "off",
      maxlength: 200,
    });
    search.addEventListener(
      "input",
      CL.later(180, () => CL.go({ q: search.value.trim() || null }, true)),
    );
    const killed = h("input", {
      type: "number",
      name: "killed",
      id: "filter-killed",
      min: 1,
      step: 1,
      inputmode: "numeric",
      placeholder: "any",
    });
    killed.addEventListener("change", () =>
      CL.go({ killed: Number(killed.value) > 0 ? String(Math.floor(Number(killed.value))) : null }),
    );
    const withCount = (key, text) =>
      counted(rows, key).map(([value, count]) => [value, `${text(value)} (${CL.number(count)})`]);
    const controls = {
      q: search,
      from: dateInput("from"),
      to: dateInput("to"),
      killed,
      country: select(
        "country",
        withCount(
          (r) => r.country_code || "none",
          (v) => words("country", v),
        ),
        "All countries",
      ),
      kind: select(
        "kind",
        withCount((r) => r.sub_event_type, String),
        "All kinds",
      ),
      group: select(
        "group",
        CL.meta.allowed.group.map((v) => [v, CL.word("group", v)]),
        "Anyone",
      ),
      who: select("who", withCount((r) => r.perpetrator || "none", perpetrator).slice(0, 200), "Anyone"),
      status: select(
        "status",
        withCount(
          (r) => r.verification,
          (v) => CL.word("verification", v),
        ),
        "Any",
      ),
      geo: select("geo", Object.entries(GEO), "Any precision"),
      more: select("more", Object.entries(MORE), "All incidents"),
    };
    const inForce = h("ul", { class: "chips", "aria-label": "Filters in force" });
    const labels = { ...NAMES, geo: "Point on the map", killed: "Killed, at least", more: "Only those with" };
    const details = h(
      "details",
      { class: "more-filters" },
      h("summary", {}, "Filters"),
      h(
        "div",
        { class: "fields" },
        ["from", "to", "country", "kind", "group", "who", "status", "geo", "killed", "more"].map((name) =>
          field(labels[name], controls[name]),
        ),
      ),
    );
    if (window.matchMedia("(min-width: 60em)").matches) details.open = true;
    const form = h(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Find incidents",
        on: { submit: (event) => event.preventDefault() },
      },
      field("Search", search),
      details,
      inForce,
    );

    function update(state) {
      for (const [name, control] of Object.entries(controls)) {
        const value = state[name] || "";
        if (control === document.activeElement && control.type !== "date") continue;
        if (control.tagName === "SELECT" && value && ![...control.options].some((o) => o.value === value)) {
          control.append(h("option", { value, dir: "auto" }, words(name, value)));
        }
        control.value = value;
      }
      const chips = CL.filterNames
        .filter((name) => state[name])
        .map((name) =>
          h(
            "li",
            {},
            CL.button(
              [`${NAMES[name]}: `, CL.name(words(name, state[name])), h("span", { "aria-hidden": "true" }, " ×")],
              () => CL.go({ [name]: null }),
              { class: "chip", title: "Take this filter out" },
            ),
          ),
        );
      if (chips.length) {
        chips.push(
          h(
            "li",
            {},
            CL.button("Clear all", () => CL.go(Object.fromEntries(CL.filterNames.map((n) => [n, null]))), {
              class: "chip clear",
            }),
          ),
        );
      }
      CL.append(CL.clear(inForce), chips);
      inForce.hidden = !chips.length;
    }
    return { element: form, update };
  };
})(window.ConflictLedger);
