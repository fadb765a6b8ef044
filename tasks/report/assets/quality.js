// The page on quality: what was checked, what was held back, and what became of every figure.
"use strict";

(function (CL) {
  const { h } = CL;
  const USES = { used: "used in incidents", explained: "not counted, with a reason", unresolved: "not resolved" };
  const share = (part, whole) =>
    whole ? `${((100 * part) / whole).toFixed(part / whole > 0.995 && part < whole ? 2 : 1)} %` : "–";
  const scroll = (label, ...content) =>
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
  const table = (label, heads, rows) =>
    scroll(
      label,
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((t) => h("th", { scope: "col", class: t.startsWith("#") ? "num" : null }, t.replace("#", ""))),
          ),
        ),
        h("tbody", {}, rows),
      ),
    );

  function figures(quality) {
    const total = Object.values(quality.dispositions).reduce((a, b) => a + b, 0);
    const uses = { used: 0, explained: 0, unresolved: 0 };
    for (const [name, count] of Object.entries(quality.dispositions)) uses[CL.disposition(name)[1]] += count;
    return h(
      "section",
      {},
      h("h2", {}, "What became of every casualty figure"),
      h("p", {}, `${CL.counted(total, "figure")} ${total === 1 ? "was" : "were"} found in the articles. Each ends in exactly one place.`),
      h(
        "div",
        {
          class: "coverage",
          role: "img",
          "aria-label": Object.entries(uses)
            .map(([use, n]) => `${USES[use]}: ${share(n, total)}`)
            .join(", "),
        },
        Object.entries(uses)
          .filter((pair) => pair[1])
          .map(([use, n]) => h("span", { class: use, style: { "flex-grow": n } })),
      ),
      h(
        "ul",
        { class: "legend coverage-words" },
        Object.entries(uses).map(([use, n]) =>
          h(
            "li",
            {},
            h("span", { class: `swatch ${use}`, "aria-hidden": "true" }),
            `${USES[use]}: ${CL.number(n)} (${share(n, total)})`,
          ),
        ),
      ),
      table(
        "Figures by what became of them",
        ["What became of it", "#Figures", "#Share", "Meaning"],
        Object.entries(quality.dispositions).map(([name, n]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, CL.disposition(name)[0]),
            h("td", { class: "num" }, CL.number(n)),
            h("td", { class: "num" }, share(n, total)),
            h("td", {}, CL.disposition(name)[2]),
          ),
        ),
      ),
      quality.reasons.length
        ? h(
            "details",
            {},
            h("summary", {}, "Reasons for what is not counted"),
            table(
              "Reasons",
              ["#Figures", "Kind", "Reason"],
              quality.reasons.map((r) =>
                h(
                  "tr",
                  {},
                  h("td", { class: "num" }, CL.number(r.count)),
                  h("td", {}, CL.disposition(r.disposition)[0]),
                  h("td", {}, r.reason),
                ),
              ),
            ),
          )
        : null,
    );
  }

  function checks(quality) {
    const failed = quality.checks.filter((c) => !c.passed);
    const row = (c) =>
      h(
        "tr",
        { class: c.passed ? null : `failed ${c.severity}` },
        h("td", {}, c.stage),
        h("td", {}, c.table),
        h(
          "td",
          {},
          h("strong", {}, c.check.replace(/_/g, " ")),
          c.description ? h("div", { class: "basis" }, c.description.replace(/`/g, "")) : null,
        ),
        h("td", {}, c.passed ? "passed" : c.severity === "critical" ? "failed" : "warning"),
        h("td", { class: "num" }, `${CL.number(c.failed)} / ${CL.number(c.rows)}`),
        h("td", {}, c.observed),
      );
    const heads = ["After", "Table", "Check", "Result", "#Rows failed", "Seen"];
    return h(
      "section",
      {},
      h("h2", {}, "Checks"),
      h(
        "p",
        {},
        `${CL.number(quality.checks.length - failed.length)} of ${CL.number(quality.checks.length)} passed. Rows that fail a critical check are held back below and are in no table.`,
      ),
      failed.length ? table("Checks that did not pass", heads, failed.map(row)) : null,
      h(
        "details",
        {},
        h("summary", {}, "Checks that passed"),
        table("Checks that passed", heads, quality.checks.filter((c) => c.passed).map(row)),
      ),
    );
  }

  function heldBack(quality) {
    return h(
      "section",
      {},
      h("h2", {}, "Held back"),
      quality.n_quarantine
        ? [
            h(
              "p",
              {},
              `${CL.number(quality.n_quarantine)} ${quality.n_quarantine === 1 ? "entry" : "entries"} in quarantine${quality.n_quarantine > quality.quarantine.length ? `; the first ${CL.number(quality.quarantine.length)} are here` : ""}.`,
            ),
            table(
              "Quarantine",
              ["After", "Table", "Row", "Check", "Reason"],
              quality.quarantine.map((q) =>
                h(
                  "tr",
                  {},
                  h("td", {}, q.stage),
                  h("td", {}, q.table),
                  h("td", {}, h("code", {}, CL.name(q.row_key))),
                  h("td", {}, q.check.replace(/_/g, " ")),
                  h(
                    "td",
                    {},
                    CL.name(q.reason),
                    q.row ? h("details", {}, h("summary", {}, "The row"), h("pre", { dir: "auto" }, q.row)) : null,
                  ),
                ),
              ),
            ),
          ]
        : h("p", {}, "Nothing was held back."),
    );
  }

  const counts = (title, entries, total) =>
    h(
      "div",
      {},
      h("h3", {}, title),
      h(
        "ul",
        { class: "plain-list" },
        Object.entries(entries).map(([name, n]) =>
          h(
            "li",
            {},
            `${name.replace(/_/g, " ")}: ${CL.number(n)} (${share(n, total)})`,
            CL.meta.flags[name] ? h("div", { class: "basis" }, CL.meta.flags[name]) : null,
          ),
        ),
      ),
    );

  CL.qualityPage = async function () {
    const quality = await CL.load("quality");
    const articles = quality.articles;
    return h(
      "div",
      { class: "wide narrow quality" },
      h("h1", {}, "Quality"),
      h("p", { class: "lead" }, CL.warning),
      figures(quality),
      checks(quality),
      heldBack(quality),
      h(
        "section",
        {},
        h("h2", {}, "How much of each column is known"),
        table(
          "How much is known",
          ["Column", "#Known in", "#Share", "Meaning"],
          quality.fill.map((f) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, CL.column(f.column)),
              h("td", { class: "num" }, CL.number(f.filled)),
              h("td", { class: "num" }, share(f.filled, f.rows)),
              h("td", {}, f.description.replace(/`/g, "")),
            ),
          ),
        ),
      ),
      h(
        "section",
        {},
        h("h2", {}, "Articles"),
        h("p", {}, `${CL.counted(articles.total, "article")}, ${CL.number(articles.copies)} of them copies of others.`),
        h(
          "div",
          { class: "columns" },
          counts("Language", articles.languages, articles.total),
          counts("Where the date was found", articles.published_basis, articles.total),
          Object.keys(articles.flags).length ? counts("Flags", articles.flags, articles.total) : null,
        ),
      ),
      quality.run && quality.run.stages.length
        ? h(
            "section",
            {},
            h("h2", {}, "Rows from stage to stage"),
            table(
              "Stages",
              ["Stage", "#In", "#Out", "#Held back", "#Copies"],
              quality.run.stages.map((s) =>
                h(
                  "tr",
                  {},
                  h("th", { scope: "row" }, s.stage),
                  [s.rows_in, s.rows_out, s.quarantined, s.duplicates].map((n) =>
                    h("td", { class: "num" }, CL.number(n || 0)),
                  ),
                ),
              ),
            ),
          )
        : null,
    );
  };
})(window.ConflictLedger);
