// The table of incidents: however many there are, only the rows in view are in the page.
"use strict";

(function (CL) {
  const { h } = CL;
  const AROUND = 12; // rows beyond the edges, so that a quick scroll shows no gap
  const PRINTED = 2000;
  const COLUMNS = [
    ["date", "Date"],
    ["place", "Place"],
    ["kind", "Kind"],
    ["killed", "Killed"],
    ["injured", "Injured"],
    ["who", "Perpetrator"],
    ["sources", "Sources"],
    ["confidence", "Confidence"],
    [null, "Notes"],
  ];

  function where(row) {
    const country = CL.country(row.country_code);
    const relation =
      row.place_relation && row.place_relation !== "at" && row.place_relation !== "in" ? `${row.place_relation} ` : "";
    const name = row.place_name || row.admin1;
    if (!name) return country ? [country] : [h("span", { class: "unknown" }, "place not named")];
    const region = [row.admin1 !== name ? row.admin1 : null, country].filter(Boolean).join(", ");
    return [relation, CL.name(name), region ? h("span", { class: "quiet" }, ", ", CL.name(region)) : null];
  }
  CL.where = where;

  function notes(row) {
    const decision = CL.review.decided(row.incident_id);
    const list = [];
    if (decision) list.push(h("span", { class: "tag decided" }, decision));
    if (row.n_conflicts) list.push(h("span", { class: "tag conflict" }, "sources disagree"));
    for (const flag of row.flags || []) {
      if (["disputed", "umbrella", "background"].includes(flag))
        list.push(
          h("span", { class: "tag", title: CL.meta.flags[flag] }, flag === "umbrella" ? "total over places" : flag),
        );
    }
    return list;
  }

  CL.meter = function (value) {
    const percent = Math.round(value * 100);
    const bar = h("span", { class: "meter", "aria-hidden": "true" }, h("span", { style: { width: `${percent}%` } }));
    return h("span", { class: "confidence" }, bar, `${percent}%`);
  };

  function cells(row) {
    const address = CL.incidentAddress(row.incident_id);
    const when = CL.when(row);
    const who = row.perpetrator
      ? [
          CL.name(CL.short(row.perpetrator)),
          row.perpetrator_status !== "stated" ? h("span", { class: "quiet" }, ` (${row.perpetrator_status})`) : null,
        ]
      : h("span", { class: "unknown" }, "not named");
    const cell = (kind, ...content) => h("td", { class: kind, role: "cell" }, content);
    return [
      cell(
        "date",
        h(
          "a",
          { href: address, class: "open" },
          when || "no date",
          h("span", { class: "unseen" }, `, ${row.sub_event_type}`),
        ),
      ),
      cell("place", where(row)),
      cell("kind", row.sub_event_type),
      cell("killed num", CL.range(row.killed_min, row.killed_max) || h("span", { class: "unknown" }, "–")),
      cell("injured num", CL.range(row.injured_min, row.injured_max) || h("span", { class: "unknown" }, "–")),
      cell("who", who),
      cell("sources num", CL.number(row.n_sources)),
      cell("confidence", CL.meter(row.confidence)),
      cell("notes", notes(row)),
    ];
  }

  CL.makeTable = function () {
    const body = h("tbody", { role: "rowgroup" });
    const above = h(
      "tbody",
      { class: "spacer", "aria-hidden": "true", role: "presentation" },
      h("tr", { role: "presentation" }, h("td", { colspan: COLUMNS.length, role: "presentation" })),
    );
    const below = above.cloneNode(true);
    const headers = COLUMNS.map(([name, text]) => {
      const sortable =
        name &&
        CL.button(
          text,
          () =>
            CL.go(
              {
                sort:
                  CL.state.sort === `-${name}`
                    ? name
                    : CL.state.sort === name
                      ? `-${name}`
                      : ["place", "kind", "who"].includes(name)
                        ? name
                        : `-${name}`,
              },
              true,
            ),
          { class: "sort" },
        );
      return h(
        "th",
        { scope: "col", role: "columnheader", class: name || "notes", data: { sort: name || "" } },
        sortable || text,
      );
    });
    const table = h(
      "table",
      { class: "incidents", role: "table", "aria-label": "Incidents" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row", "aria-rowindex": "1" }, headers)),
      above,
      body,
      below,
    );
    const box = h(
      "div",
      { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table of incidents; it scrolls" },
      table,
    );
    const count = h("p", { class: "count" });
    const phoneSort = h(
      "select",
      { id: "phone-sort" },
      COLUMNS.filter((c) => c[0]).flatMap(([name, text]) => [
        h("option", { value: `-${name}` }, `${text}, descending`),
        h("option", { value: name }, `${text}, ascending`),
      ]),
    );
    phoneSort.addEventListener("change", () => CL.go({ sort: phoneSort.value }, true));
    const element = h(
      "section",
      { class: "table-part", "aria-labelledby": "table-heading" },
      h(
        "div",
        { class: "table-head" },
        h("h2", { id: "table-heading" }, "Incidents"),
        count,
        h("label", { class: "phone-sort field" }, h("span", {}, "Sort by"), phoneSort),
      ),
      box,
    );

    let rows = [];
    let height = 44;
    let drawn = "";

    function draw(force) {
      const top = Math.max(0, Math.floor(box.scrollTop / height) - AROUND);
      const bottom = Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + AROUND);
      const range = `${top}-${bottom}`;
      if (!force && range === drawn) return;
      drawn = range;
      const focused =
        document.activeElement && body.contains(document.activeElement)
          ? document.activeElement.closest("tr").dataset.index
          : null;
      body.replaceChildren(
        ...rows.slice(top, bottom).map((row, i) =>
          h(
            "tr",
            {
              role: "row",
              "aria-rowindex": top + i + 2,
              data: { index: String(top + i), id: row.incident_id },
              class: row.incident_id === CL.state.i ? "current" : null,
            },
            cells(row),
          ),
        ),
      );
      above.firstChild.firstChild.style.height = `${top * height}px`;
      below.firstChild.firstChild.style.height = `${(rows.length - bottom) * height}px`;
      above.hidden = top === 0;
      below.hidden = bottom === rows.length;
      if (focused !== null) focusRow(Number(focused), true);
    }

    function focusRow(index, still) {
      if (index < 0 || index >= rows.length) return;
      if (!still) {
        const head = table.tHead.offsetHeight;
        const y = index * height;
        if (y < box.scrollTop) box.scrollTop = y;
        else if (y + height > box.scrollTop + box.clientHeight - head)
          box.scrollTop = y + height - box.clientHeight + head;
        draw();
      }
      const row = body.querySelector(`tr[data-index="${index}"] a.open`);
      if (row) row.focus({ preventScroll: true });
    }

    box.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });
    body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && !event.target.closest("a") && !String(window.getSelection()))
        location.hash = CL.incidentAddress(row.dataset.id);
    });
    box.addEventListener("keydown", (event) => {
      const row = event.target.closest && event.target.closest("tr[data-index]");
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      if (row && steps[event.key]) {
        event.preventDefault();
        focusRow(Math.max(0, Math.min(rows.length - 1, Number(row.dataset.index) + steps[event.key])));
      } else if (row && (event.key === "Home" || event.key === "End")) {
        event.preventDefault();
        focusRow(event.key === "Home" ? 0 : rows.length - 1);
      }
    });
    window.addEventListener("beforeprint", () => {
      if (!element.isConnected) return;
      body.replaceChildren(...rows.slice(0, PRINTED).map((row) => h("tr", { role: "row" }, cells(row))));
      above.hidden = below.hidden = true;
      if (rows.length > PRINTED)
        CL.append(count, h("span", { class: "print-only" }, ` The first ${CL.number(PRINTED)} are printed.`));
    });
    window.addEventListener("afterprint", () => element.isConnected && draw(true));
    const remeasure = CL.later(30, () => {
      height = rowHeight();
      draw(true);
    });
    new ResizeObserver(() => (box.clientHeight ? remeasure() : null)).observe(box);
    const rowHeight = () => parseFloat(getComputedStyle(table).getPropertyValue("--row")) || 44;

    return {
      element,
      order: () => rows,
      update(found, total, state) {
        const sorted = CL.sort(found, state.sort);
        const changed = sorted.length !== rows.length || sorted.some((row, i) => row !== rows[i]);
        rows = sorted;
        height = rowHeight();
        count.textContent =
          found.length === total ? `${CL.number(total)} in all` : `${CL.number(found.length)} of ${CL.number(total)}`;
        table.setAttribute("aria-rowcount", String(rows.length + 1));
        phoneSort.value = state.sort;
        const [name, direction] = [
          state.sort.replace("-", ""),
          state.sort.startsWith("-") ? "descending" : "ascending",
        ];
        for (const header of headers) {
          if (header.dataset.sort === name) header.setAttribute("aria-sort", direction);
          else header.removeAttribute("aria-sort");
        }
        if (changed) box.scrollTop = 0;
        box.style.setProperty("--rows", String(Math.max(2, Math.min(rows.length, 200))));
        draw(true);
        if (!rows.length)
          body.replaceChildren(
            h(
              "tr",
              { role: "row" },
              h("td", { colspan: COLUMNS.length, role: "cell", class: "empty" }, "No incident fits these filters."),
            ),
          );
      },
    };
  };
})(window.ConflictLedger);
