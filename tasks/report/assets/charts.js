// Draws the charts with Observable Plot: solid to what is stated at least, light to what is stated at most.
"use strict";

(function (CL) {
  const { h } = CL;
  const SHOWN = 10;
  const MEASURES = { killed: "Killed", injured: "Injured", incidents: "Incidents" };
  CL.measures = MEASURES;
  const colour = (measure) => `var(--${measure})`;
  const light = (measure) => `var(--${measure}-light)`;

  const sumText = (sum, measure) =>
    measure === "incidents" ? CL.number(sum.low) : CL.range(sum.low, sum.open ? null : sum.high);

  // A figure with its chart, what the chart leaves out, and the same numbers as a table whose rows are buttons.
  function figure(title, note) {
    const plot = h("div", { class: "plot-area" });
    const remark = h("p", { class: "remark" });
    const body = h("tbody");
    const table = h(
      "details",
      { class: "as-table" },
      h("summary", {}, "As a table"),
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}: table` },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, title),
              h("th", { scope: "col", class: "num" }, "At least"),
              h("th", { scope: "col", class: "num" }, "At most"),
              h("th", { scope: "col", class: "num" }, "Incidents"),
            ),
          ),
          body,
        ),
      ),
    );
    const heading = h("h3", {}, title);
    const element = h(
      "figure",
      { class: "chart" },
      h("figcaption", {}, heading, note ? h("p", { class: "remark" }, note) : null),
      plot,
      remark,
      table,
    );
    return { element, plot, remark, body, heading };
  }

  function fillTable(body, entries, measure, filter) {
    CL.append(
      CL.clear(body),
      entries.map(({ key, text, sum }) =>
        h(
          "tr",
          {},
          h(
            "th",
            { scope: "row" },
            filter ? CL.button(CL.name(text), () => CL.toggle(filter, key), { class: "plain" }) : text,
          ),
          h("td", { class: "num" }, CL.number(sum.low)),
          h(
            "td",
            { class: "num" },
            sum.open ? `${CL.number(sum.high)}, ${CL.number(sum.open)} open` : CL.number(sum.high),
          ),
          h("td", { class: "num" }, CL.number(sum.incidents)),
        ),
      ),
    );
  }

  function label(svg, text) {
    // Plot names its groups ("rect"); within one picture that is told in words, names of parts only confuse.
    for (const part of svg.querySelectorAll("[aria-label], [aria-description]")) {
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-description");
    }
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", text);
    return svg;
  }

  const shorten = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

  // Bars by category; a click on a row filters by it.
  function bars({ title, note, filter, keys, words, leaveOut }) {
    const parts = figure(title, note);
    function update(rows, measure) {
      const sums = CL.sumBy(rows, measure, keys(measure));
      const all = [...sums]
        .map(([key, sum]) => ({ key, text: CL.plain(words(key)), sum }))
        .filter((entry) => entry.sum.stated > 0 && entry.sum.high > 0)
        .sort((a, b) => b.sum.low - a.sum.low || b.sum.high - a.sum.high || (a.text < b.text ? -1 : 1));
      const shown = all.slice(0, SHOWN);
      fillTable(parts.body, all.slice(0, 200), measure, filter);
      const rest = all.length - shown.length;
      parts.remark.textContent = [rest > 0 ? `${rest} more in the table.` : "", leaveOut ? leaveOut(rows, measure) : ""]
        .filter(Boolean)
        .join(" ");
      CL.clear(parts.plot);
      if (!shown.length) {
        parts.plot.append(h("p", { class: "empty" }, "No number is stated."));
        return;
      }
      const names = shown.map((entry) => entry.key);
      const most = Math.max(...shown.map((e) => e.sum.high));
      const svg = Plot.plot({
        className: "plot",
        width: 420,
        height: 22 * shown.length + 8,
        marginLeft: 150,
        marginRight: 58,
        marginTop: 2,
        marginBottom: 6,
        x: { axis: null, domain: [0, most] },
        y: {
          domain: names,
          label: null,
          tickSize: 0,
          tickFormat: (key) => shorten(shown.find((e) => e.key === key).text, 24),
        },
        marks: [
          Plot.barX(shown, {
            x1: 0,
            x2: (d) => d.sum.high,
            y: "key",
            fill: light(measure),
            insetTop: 3,
            insetBottom: 3,
          }),
          Plot.barX(shown, {
            x1: 0,
            x2: (d) => d.sum.low,
            y: "key",
            fill: colour(measure),
            insetTop: 3,
            insetBottom: 3,
          }),
          Plot.text(shown, {
            x: (d) => d.sum.high,
            y: "key",
            text: (d) => sumText(d.sum, measure),
            textAnchor: "start",
            dx: 5,
            fill: "currentColor",
          }),
          Plot.ruleX([0], { stroke: "var(--line-strong)" }),
        ],
      });
      label(
        svg,
        `${title}, ${MEASURES[measure].toLowerCase()}: ${shown
          .slice(0, 5)
          .map((e) => `${e.text} ${sumText(e.sum, measure)}`)
          .join("; ")}`,
      );
      if (filter) {
        svg.classList.add("clickable");
        svg.addEventListener("click", (event) => {
          const scale = svg.scale("y");
          const y =
            ((event.clientY - svg.getBoundingClientRect().top) / svg.getBoundingClientRect().height) *
            svg.viewBox.baseVal.height;
          const hit = shown.find((e) => y >= scale.apply(e.key) && y < scale.apply(e.key) + scale.bandwidth);
          if (hit) CL.toggle(filter, hit.key);
        });
      }
      parts.plot.append(svg);
    }
    return { element: parts.element, update };
  }

  const interval = { day: () => d3.utcDay, month: () => d3.utcMonth, year: () => d3.utcYear };

  const LEAST_BARS = 16; // fewer would be as broad as slabs
  function timeDomain(first, last, step) {
    const from = step.offset(step.floor(new Date(`${first}T00:00:00Z`)), -1);
    const to = step.offset(step.floor(new Date(`${last}T00:00:00Z`)), 2);
    const lacking = LEAST_BARS - step.count(from, to);
    return lacking > 0
      ? [step.offset(from, -Math.floor(lacking / 2)), step.offset(to, Math.ceil(lacking / 2))]
      : [from, to];
  }

  const asDay = d3.utcFormat("%-d %b");
  const asMonth = d3.utcFormat("%b %Y");
  const asYear = d3.utcFormat("%Y");
  // Ticks with room for their words.
  function axis(unit, domain, width) {
    const days = d3.utcDay.count(...domain);
    const most = Math.max(3, width / 68);
    if (unit === "day")
      return {
        ticks: d3.utcDay.range(d3.utcDay.ceil(domain[0]), domain[1], Math.ceil(days / most)),
        tickFormat: asDay,
      };
    if (unit === "month" && days < 1100)
      return {
        ticks: d3.utcMonth.every([1, 2, 3, 4, 6, 12].find((step) => days / 30 / step <= most) || 12),
        tickFormat: asMonth,
      };
    return {
      ticks: d3.utcYear.range(d3.utcYear.ceil(domain[0]), domain[1], Math.ceil(days / 365 / most)),
      tickFormat: asYear,
    };
  }

  // The timeline: drag over it to choose a time.
  function timeline() {
    const parts = figure("Timeline", null);
    parts.element.classList.add("timeline");
    const UNITS = { day: "day", month: "month", year: "year" };

    function update(rows, measure) {
      const dated = rows.filter((row) => row.date_start !== null);
      CL.clear(parts.plot);
      parts.body.replaceChildren();
      if (!dated.length) {
        parts.plot.append(h("p", { class: "empty" }, "No incident here has a date."));
        parts.remark.textContent = "";
        return;
      }
      const days = dated.map((row) => row.date_start);
      const first = days.reduce((a, b) => (a < b ? a : b));
      const last = days.reduce((a, b) => (a > b ? a : b));
      const unit = CL.timeUnit(first, last);
      parts.heading.textContent = `${MEASURES[measure]} by ${UNITS[unit]}`;
      const fitting = dated.filter((row) => CL.fitsUnit(row, unit));
      const sums = CL.sumBy(fitting, measure, (row, range) => [[CL.unitStart(row.date_start, unit), ...range]]);
      const step = interval[unit]();
      const entries = [...sums]
        .sort((a, b) => (a[0] < b[0] ? -1 : 1))
        .map(([key, sum]) => {
          const start = new Date(`${key}T00:00:00Z`);
          return {
            key,
            sum,
            start,
            end: step.offset(start, 1),
            text: unit === "day" ? CL.day(key) : unit === "month" ? CL.day(key).slice(2) : key.slice(0, 4),
          };
        });
      fillTable(
        parts.body,
        entries.map((e) => ({ ...e })),
        measure,
        null,
      );
      const coarse = dated.length - fitting.length;
      const undated = rows.length - dated.length;
      parts.remark.textContent = [
        coarse ? `${CL.number(coarse)} known less exactly than to the ${UNITS[unit]} not shown.` : "",
        undated ? `${CL.number(undated)} with no date not shown.` : "",
        "Drag over the chart to choose a time.",
      ]
        .filter(Boolean)
        .join(" ");
      const width = Math.max(320, Math.min(1180, parts.plot.clientWidth || 1000));
      const domain = timeDomain(first, last, step);
      const svg = Plot.plot({
        className: "plot",
        width,
        height: 190,
        marginLeft: 48,
        marginRight: 12,
        marginTop: 14,
        marginBottom: 26,
        x: { type: "utc", label: null, domain, ...axis(unit, domain, width) },
        y: { label: null, grid: true, ticks: 4, tickFormat: "~s", nice: true, zero: true },
        marks: [
          Plot.rectY(entries, {
            x1: "start",
            x2: "end",
            y1: 0,
            y2: (d) => d.sum.high,
            fill: light(measure),
            inset: 0.5,
          }),
          Plot.rectY(entries, {
            x1: "start",
            x2: "end",
            y1: 0,
            y2: (d) => d.sum.low,
            fill: colour(measure),
            inset: 0.5,
          }),
          Plot.ruleY([0], { stroke: "var(--line-strong)" }),
          Plot.tip(
            entries,
            Plot.pointerX({
              x: (d) => new Date((+d.start + +d.end) / 2),
              y: (d) => d.sum.high,
              title: (d) =>
                `${d.text}\n${MEASURES[measure]}: ${sumText(d.sum, measure)}\n${CL.counted(d.sum.incidents, "incident")}`,
              fill: "var(--panel)",
              stroke: "var(--line-strong)",
            }),
          ),
        ],
      });
      const peak = entries.reduce((a, b) => (b && (!a || b.sum.low > a.sum.low) ? b : a), null);
      label(
        svg,
        `${MEASURES[measure]} by ${UNITS[unit]}, ${CL.day(first)} to ${CL.day(last)}${peak ? `; most in ${peak.text}: ${sumText(peak.sum, measure)}` : ""}`,
      );
      brush(svg, width, step);
      parts.plot.append(svg);
    }

    function brush(svg, width, step) {
      const scale = svg.scale("x");
      const chosen = d3
        .brushX()
        .extent([
          [48, 8],
          [width - 12, 164],
        ])
        .on("end", (event) => {
          if (!event.sourceEvent || !event.selection) return;
          const [from, to] = event.selection.map((x) => scale.invert(x));
          CL.go({
            from: step.round(from).toISOString().slice(0, 10),
            to: d3.utcDay
              .offset(step.round(to) > step.round(from) ? step.round(to) : step.ceil(to), -1)
              .toISOString()
              .slice(0, 10),
          });
        });
      // Under Plot's own marks, so that pointing at a bar still tells its numbers.
      d3.select(svg).append("g").attr("class", "brush").call(chosen);
    }
    return { element: parts.element, update };
  }

  CL.makeCharts = function () {
    const bySuffix = (rows, test, what) => {
      const count = rows.filter(test).length;
      return count ? `${CL.number(count)} ${what}.` : "";
    };
    const charts = {
      time: timeline(),
      kind: bars({ title: "By kind", filter: "kind", keys: () => CL.byKind, words: String }),
      group: bars({
        title: "By victims",
        note: "Only what reports state; groups overlap and do not add up.",
        filter: "group",
        keys: CL.byGroup,
        words: (v) => CL.word("group", v),
        leaveOut: (rows) => bySuffix(rows, (row) => !row.victims, "incidents say nothing of who the victims were"),
      }),
      who: bars({
        title: "By perpetrator",
        note: "As stated, claimed or suspected in reports.",
        filter: "who",
        keys: () => CL.byPerpetrator,
        words: (v) => (v === "none" ? "nobody named" : CL.short(v)),
      }),
    };
    return {
      timeline: charts.time.element,
      element: h("div", { class: "charts" }, charts.kind.element, charts.group.element, charts.who.element),
      update(rows, measure) {
        for (const chart of Object.values(charts)) chart.update(rows, measure);
      },
    };
  };
})(window.ConflictLedger);
