// The page of comparison: what a reference database has of the same events, where it differs, and what only one of the two has.
"use strict";

(function (CL) {
  const { h } = CL;
  const SHOWN = 300;

  const ours = (row) =>
    row.incident_id
      ? [
          h("a", { href: CL.address({ page: "", i: row.incident_id }) }, CL.name(row.place_name || "place not named")),
          h(
            "div",
            { class: "basis" },
            [
              CL.when(row) || "no date",
              CL.range(row.killed_min, row.killed_max) && `${CL.range(row.killed_min, row.killed_max)} killed`,
            ]
              .filter(Boolean)
              .join(" · "),
            row.perpetrator ? [" · ", CL.name(CL.short(row.perpetrator))] : null,
          ),
        ]
      : null;

  function theirs(row) {
    if (!row.reference_id) return null;
    const killed =
      row.reference_killed_low === row.reference_killed_high
        ? CL.range(row.reference_killed_best, row.reference_killed_best)
        : `${row.reference_killed_best} (${CL.range(row.reference_killed_low, row.reference_killed_high)})`;
    return [
      h("div", {}, CL.name(row.reference_place || "place not named"), " ", h("code", {}, CL.name(row.reference_id))),
      h(
        "div",
        { class: "basis" },
        [
          CL.when({ date_start: row.reference_date_start, date_end: row.reference_date_end }) || "no date",
          row.reference_killed_best !== null && `${killed} killed`,
        ]
          .filter(Boolean)
          .join(" · "),
        row.reference_actors ? [" · ", CL.name(row.reference_actors)] : null,
      ),
      row.reference_text ? h("div", { class: "basis" }, CL.name(row.reference_text)) : null,
    ];
  }

  const differences = (row) =>
    row.differences.length
      ? h(
          "ul",
          { class: "plain-list" },
          row.differences.map((d) =>
            h(
              "li",
              {},
              `${d.what}: `,
              CL.name(d.ours || CL.notKnown),
              " / ",
              CL.name(d.theirs || CL.notKnown),
              d.note ? h("span", { class: "quiet" }, ` (${CL.plain(d.note)})`) : null,
            ),
          ),
        )
      : h("span", { class: "quiet" }, "nothing differs");

  function section(title, note, rows, heads, cells) {
    const body = h("tbody");
    let shown = 0;
    const more = CL.button("Show more", () => draw());
    function draw() {
      CL.append(
        body,
        rows.slice(shown, shown + SHOWN).map((row) =>
          h(
            "tr",
            {},
            cells(row).map((cell) => h("td", {}, cell)),
          ),
        ),
      );
      shown += SHOWN;
      more.hidden = shown >= rows.length;
    }
    draw();
    return h(
      "section",
      {},
      h("h2", {}, `${title}: ${CL.number(rows.length)}`),
      h("p", { class: "remark" }, note),
      rows.length
        ? h(
            "div",
            { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
            h(
              "table",
              { class: "plain-table compared" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  heads.map((text) => h("th", { scope: "col" }, text)),
                ),
              ),
              body,
            ),
            more,
          )
        : null,
    );
  }

  CL.comparedPage = async function () {
    const { n, rows } = await CL.load("compared");
    const of = (status) => rows.filter((row) => row.status === status);
    const names = [...new Set(rows.map((row) => row.reference))].join(", ");
    return h(
      "div",
      { class: "wide narrow" },
      h("h1", {}, "Compared with ", CL.name(names)),
      h(
        "p",
        { class: "lead" },
        "A link says that two accounts can be of one event, not that either is true. Nothing of the reference is taken over into the ledger.",
      ),
      n > rows.length
        ? h("p", { class: "notice" }, `The first ${CL.number(rows.length)} of ${CL.number(n)} rows are here.`)
        : null,
      section(
        "In both",
        "The two accounts and what they say differently: ours / theirs.",
        of("matched"),
        ["Ours", "Theirs", "Differences", "Score"],
        (row) => [
          ours(row),
          theirs(row),
          differences(row),
          [
            row.score === null ? "" : row.score.toFixed(2),
            h("div", { class: "basis" }, CL.plain(row.reason).replace(/^score [\d.]+: /, "")),
          ],
        ],
      ),
      section(
        "Only in this ledger",
        "No row of the reference could be of the same event.",
        of("only_ours"),
        ["Ours", "Why not linked"],
        (row) => [ours(row), CL.name(row.reason)],
      ),
      section(
        "Only in the reference",
        "Within the days and countries of this ledger.",
        of("only_theirs"),
        ["Theirs", "Why not linked"],
        (row) => [theirs(row), CL.name(row.reason)],
      ),
    );
  };

  // What a reference has of one incident, for its panel.
  CL.comparedPart = function (id) {
    if (!CL.meta.compared) return null;
    const place = h("div", {});
    CL.load("compared").then(({ rows }) => {
      const found = rows.filter((row) => row.incident_id === id);
      if (!found.length) return;
      CL.append(
        place,
        h(
          "section",
          {},
          h("h3", {}, "Compared with ", CL.name(found[0].reference)),
          found.map((row) =>
            row.status === "matched"
              ? h("div", {}, theirs(row), differences(row))
              : h("p", {}, "No row of it could be of the same event: ", CL.name(row.reason), "."),
          ),
        ),
      );
    });
    return place;
  };
})(window.ConflictLedger);
