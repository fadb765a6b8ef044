// Filters, sorts and adds up incidents; pure functions on rows, nothing of the page.
"use strict";

(function (CL) {
  // Letters without their marks, so that "Deir ez-Zor" and "deir ez zor" are found alike.
  CL.fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[-'’ʿʾ]/g, " ");

  function searchText(row) {
    if (row.search === undefined) {
      const parts = [
        row.incident_id,
        row.place_name,
        row.admin1,
        CL.country(row.country_code),
        row.country_code,
        row.sub_event_type,
        row.perpetrator,
        row.words,
        row.date_start,
      ];
      row.search = CL.fold(parts.filter(Boolean).join(" · "));
    }
    return row.search;
  }

  CL.killed = (row) => [row.killed_min, row.killed_max];
  CL.injured = (row) => [row.injured_min, row.injured_max];
  CL.isUmbrella = (row) => Boolean(row.flags && row.flags.includes("umbrella"));
  CL.placeKey = (row) => (row.latitude === null || row.longitude === null ? "" : `${row.latitude},${row.longitude}`);

  const TESTS = {
    from: (row, value) => row.date_start !== null && (row.date_end || row.date_start) >= value,
    to: (row, value) => row.date_start !== null && row.date_start <= value,
    country: (row, value) => (row.country_code || "none") === value,
    kind: (row, value) => row.sub_event_type === value,
    group: (row, value) => Boolean(row.victims && row.victims.some((victim) => victim[1] === value)),
    who: (row, value) => (row.perpetrator || "none") === value,
    status: (row, value) => row.verification === value,
    geo: (row, value) => String(CL.placeKey(row) ? row.geo_precision : "none") === value,
    basis: (row, value) => !CL.placeKey(row) && row.geo_basis === value,
    at: (row, value) => CL.placeKey(row) === value,
    killed: (row, value) =>
      (row.killed_max === null ? row.killed_min : row.killed_max) >= Number(value) && row.killed_min !== null,
    more: (row, value) =>
      value === "conflicts"
        ? row.n_conflicts > 0
        : value === "several"
          ? row.n_sources > 1
          : value === "undated"
            ? row.date_start === null
            : value === "decided"
              ? CL.review.decided(row.incident_id)
              : value === "undecided"
                ? !CL.review.decided(row.incident_id)
                : Boolean(row.flags && row.flags.includes(value)),
  };
  CL.filterNames = ["q", ...Object.keys(TESTS)];

  // The rows that fit all filters, in the order of the ledger.
  CL.filter = function (rows, state) {
    const tests = Object.keys(TESTS)
      .filter((name) => state[name])
      .map((name) => [TESTS[name], state[name]]);
    const words = state.q ? CL.fold(state.q).split(/\s+/).filter(Boolean) : [];
    return rows.filter(
      (row) =>
        tests.every(([test, value]) => test(row, value)) && words.every((word) => searchText(row).includes(word)),
    );
  };

  const middle = (low, high) => (low === null ? high : high === null ? low + 0.5 : (low + high) / 2);
  const SORTS = {
    date: (row) => row.date_start,
    place: (row) => row.place_name || row.admin1 || CL.country(row.country_code) || null,
    kind: (row) => row.sub_event_type,
    killed: (row) => middle(row.killed_min, row.killed_max),
    injured: (row) => middle(row.injured_min, row.injured_max),
    who: (row) => row.perpetrator,
    sources: (row) => row.n_sources,
    confidence: (row) => row.confidence,
  };
  CL.sorts = Object.keys(SORTS);
  const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  // `sort` is a name, with "-" before it for the largest first; what is not known comes last either way.
  CL.sort = function (rows, sort) {
    const name = sort.replace("-", "");
    const direction = sort.startsWith("-") ? -1 : 1;
    const key = SORTS[name] || SORTS.date;
    const keyed = rows.map((row) => [key(row), row]);
    keyed.sort(([a, rowA], [b, rowB]) => {
      if (a === null || b === null) return a === b ? rowA.position - rowB.position : a === null ? 1 : -1;
      const order =
        typeof a === "number" ? a - b : name === "date" ? (a < b ? -1 : a > b ? 1 : 0) : COLLATOR.compare(a, b);
      return order * direction || rowA.position - rowB.position;
    });
    return keyed.map((pair) => pair[1]);
  };

  // A sum of ranges: what is stated at least, at most where every range is closed, and in how many incidents.
  CL.newSum = () => ({ low: 0, high: 0, open: 0, stated: 0, incidents: 0 });
  CL.addTo = function (sum, low, high) {
    sum.incidents += 1;
    if (low === null && high === null) return sum;
    sum.stated += 1;
    sum.low += low === null ? 0 : low;
    sum.high += high === null ? low : high;
    sum.open += high === null ? 1 : 0;
    return sum;
  };

  // Killed or injured of one victim group in an incident; the range of the row that states most.
  function ofGroup(row, outcome, group) {
    let best = null;
    for (const [what, who, low, high] of row.victims || []) {
      if (what === outcome && who === group && (best === null || (low || high || 0) > (best[0] || best[1] || 0)))
        best = [low, high];
    }
    return best || [null, null];
  }

  CL.totals = function (rows) {
    const totals = {
      killed: CL.newSum(),
      injured: CL.newSum(),
      civilians: CL.newSum(),
      umbrella: 0,
      first: null,
      last: null,
    };
    for (const row of rows) {
      if (row.date_start && (totals.first === null || row.date_start < totals.first)) totals.first = row.date_start;
      if (row.date_start && (totals.last === null || row.date_start > totals.last)) totals.last = row.date_start;
      if (CL.isUmbrella(row)) {
        totals.umbrella += 1;
        continue;
      }
      CL.addTo(totals.killed, row.killed_min, row.killed_max);
      CL.addTo(totals.injured, row.injured_min, row.injured_max);
      CL.addTo(totals.civilians, ...ofGroup(row, "killed", "civilian"));
    }
    return totals;
  };

  CL.sumWords = function (sum) {
    if (!sum.stated) return "none stated";
    if (sum.open) return `at least ${CL.number(sum.low)}`;
    return sum.low === sum.high ? CL.number(sum.low) : `${CL.number(sum.low)} to ${CL.number(sum.high)}`;
  };

  // Sums by a key, for a measure: killed, injured or incidents. `keys` gives the keys of a row with the range that counts.
  CL.sumBy = function (rows, measure, keys) {
    const sums = new Map();
    for (const row of rows) {
      if (CL.isUmbrella(row)) continue;
      const range = measure === "incidents" ? [1, 1] : measure === "injured" ? CL.injured(row) : CL.killed(row);
      for (const [key, low, high] of keys(row, range)) {
        if (!sums.has(key)) sums.set(key, CL.newSum());
        CL.addTo(sums.get(key), low, high);
      }
    }
    return sums;
  };
  CL.byKind = (row, range) => [[row.sub_event_type, ...range]];
  CL.byPerpetrator = (row, range) => [[row.perpetrator || "none", ...range]];
  CL.byGroup = (measure) => (row) => {
    const outcome = measure === "injured" ? "injured" : "killed";
    const groups = new Set(
      (row.victims || []).filter((v) => measure === "incidents" || v[0] === outcome).map((v) => v[1]),
    );
    return [...groups].map((group) => [group, ...(measure === "incidents" ? [1, 1] : ofGroup(row, outcome, group))]);
  };

  // Days, months or years, so that between a few and about 180 bars tell the time that the rows cover.
  CL.timeUnit = function (first, last) {
    const days = (Date.parse(last) - Date.parse(first)) / 86400000;
    return days <= 92 ? "day" : days <= 15 * 366 ? "month" : "year";
  };
  const FINER = { day: ["day", "days"], month: ["day", "days", "week", "month"], year: null };
  CL.fitsUnit = (row, unit) => row.date_start !== null && (!FINER[unit] || FINER[unit].includes(row.date_precision));
  CL.unitStart = (iso, unit) =>
    unit === "day" ? iso : unit === "month" ? `${iso.slice(0, 7)}-01` : `${iso.slice(0, 4)}-01-01`;
})(window.ConflictLedger);
