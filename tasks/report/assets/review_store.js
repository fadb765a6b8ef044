// Keeps the decisions of a review in this browser, and writes and reads them as corrections.csv.
"use strict";

(function (CL) {
  const COLUMNS = ["target_id", "target", "action", "field", "value", "expected", "reason", "who", "date"];
  const ACTIONS = { incident: ["set", "reject", "merge", "confirm"], mention: ["set", "reject", "split", "confirm"] };
  const DONE = { reject: "rejected", confirm: "confirmed", set: "edited", merge: "merged", split: "split" };
  const key = () => `conflict-ledger:review:${CL.meta.ledger_key}`;
  let decisions = [];
  let kept = true;

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function write(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      kept = false; // a browser that keeps nothing of pages on disk: the decisions live as long as the page
    }
  }

  function valid(one) {
    return (
      Boolean(one) &&
      ACTIONS[one.target] !== undefined &&
      ACTIONS[one.target].includes(one.action) &&
      COLUMNS.every((name) => typeof one[name] === "string") &&
      one.target_id !== ""
    );
  }

  const same = (a, b) =>
    a.target_id === b.target_id &&
    a.target === b.target &&
    (a.action === "set"
      ? b.action === "set" && a.field === b.field
      : b.action !== "set" && (a.action === b.action || exclusive(a, b)));
  const exclusive = (a, b) => ["confirm", "reject"].includes(a.action) && ["confirm", "reject"].includes(b.action);
  const incidentOf = (one) => (one.target === "incident" ? one.target_id : one.action === "split" ? one.expected : "");
  let byIncident = new Map();

  function changed() {
    byIncident = new Map();
    for (const one of decisions) {
      for (const id of [incidentOf(one), one.action === "merge" ? one.value : ""]) {
        if (id && (!byIncident.has(id) || one.action !== "set")) byIncident.set(id, DONE[one.action]);
      }
    }
    write(key(), decisions);
    CL.reviewChanged();
  }

  CL.review = {
    columns: COLUMNS,
    all: () => decisions,
    kept: () => kept,
    decided: (id) => byIncident.get(id) || "",
    of: (id) => decisions.filter((one) => incidentOf(one) === id || (one.action === "merge" && one.value === id)),
    who: () => read("conflict-ledger:who") || "",
    remember: (name) => write("conflict-ledger:who", name),
    start() {
      const found = read(key());
      decisions = Array.isArray(found) ? found.filter(valid) : [];
      changed();
    },
    // Add a decision; one on the same thing takes the place of the earlier.
    add(one) {
      const full = Object.fromEntries(
        COLUMNS.map((name) => [name, String(one[name] === null || one[name] === undefined ? "" : one[name])]),
      );
      if (!full.date)
        full.date = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
      if (!valid(full)) throw new Error("no such decision");
      decisions = [...decisions.filter((other) => !same(full, other)), full];
      changed();
    },
    remove(one) {
      decisions = decisions.filter((other) => other !== one);
      changed();
    },
    clear() {
      decisions = [];
      changed();
    },
    toCsv: () => `${d3.csvFormatRows([COLUMNS, ...decisions.map((one) => COLUMNS.map((name) => one[name]))])}\n`,
    // Take in a corrections file; what it says on a thing replaces what was decided here. Returns [taken, left out].
    fromCsv(text) {
      const [head, ...rows] = d3.csvParseRows(text.replace(/^\uFEFF/, ""));
      if (!head || !["target_id", "target", "action"].every((name) => head.includes(name)))
        throw new Error("no corrections file: the first line must name the columns");
      let taken = 0;
      for (const row of rows) {
        const one = Object.fromEntries(
          COLUMNS.map((name) => [name, (head.includes(name) && row[head.indexOf(name)]) || ""]),
        );
        if (!valid(one)) continue;
        decisions = [...decisions.filter((other) => !same(one, other)), one];
        taken += 1;
      }
      changed();
      return [taken, rows.length - taken];
    },
  };
})(window.ConflictLedger);
