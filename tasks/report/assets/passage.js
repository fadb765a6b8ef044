// Shows a text with the words that were read in it: evidence is marked, figures are coloured by what became of them.
"use strict";

(function (CL) {
  const { h } = CL;

  // The innermost figure over a position, so that "two children" shows within "five people, two children among them".
  function innermost(figures, at) {
    let best = null;
    for (const figure of figures) {
      if (figure.start <= at && at < figure.end && (!best || figure.end - figure.start < best.end - best.start))
        best = figure;
    }
    return best;
  }

  function figureSpan(text, figure, ends) {
    const [words, use, meaning] = CL.disposition(figure.disposition);
    const span = h(
      "span",
      { class: `figure ${use} d-${figure.disposition}`, dir: "auto", title: `${words}: ${figure.reason || meaning}` },
      text,
    );
    if (!ends || use === "used") return [span]; // the line under it tells a figure that is said again
    return [span, h("span", { class: `why ${use}`, dir: "ltr" }, words)];
  }

  // One paragraph, from `from` to `to` in the text.
  function paragraph(text, from, to, evidence, figures) {
    const cuts = new Set([from, to]);
    for (const range of [...evidence, ...figures]) {
      if (range.start > from && range.start < to) cuts.add(range.start);
      if (range.end > from && range.end < to) cuts.add(range.end);
    }
    const points = [...cuts].sort((a, b) => a - b);
    const element = h("p", { dir: "auto" });
    let mark = null;
    for (let i = 0; i + 1 < points.length; i++) {
      const [start, end] = [points[i], points[i + 1]];
      const marked = evidence.some((e) => e.start <= start && end <= e.end);
      if (marked && !mark) mark = element.appendChild(h("mark", {}));
      if (!marked) mark = null;
      const figure = innermost(figures, start);
      const words = text.slice(start, end);
      CL.append(mark || element, figure ? figureSpan(words, figure, end >= figure.end) : words);
    }
    return element;
  }

  function paragraphs(text) {
    const found = [];
    const gap = /\n+/g;
    let from = 0;
    for (let match = gap.exec(text); match; match = gap.exec(text)) {
      if (match.index > from) found.push([from, match.index]);
      from = match.index + match[0].length;
    }
    if (from < text.length) found.push([from, text.length]);
    return found;
  }

  // Paragraphs of the body. With `brief`, those without evidence hide behind a button.
  CL.passage = function (article, evidence, brief) {
    const text = article.text || "";
    const marks = evidence.filter((e) => e.field === "text");
    const figures = article.figures.filter((f) => f.field === "text");
    const box = h("div", { class: "passage", lang: article.language || "en" });
    let hidden = [];
    const flush = () => {
      if (!hidden.length) return;
      const group = hidden;
      hidden = [];
      const more = CL.button(
        `${group.length === 1 ? "One paragraph" : `${group.length} paragraphs`} without evidence`,
        () => more.replaceWith(...group.map(([a, b]) => paragraph(text, a, b, marks, figures))),
        { class: "more-text" },
      );
      box.append(more);
    };
    for (const [from, to] of paragraphs(text)) {
      if (brief && !marks.some((e) => e.start < to && e.end > from)) {
        hidden.push([from, to]);
      } else {
        flush();
        box.append(paragraph(text, from, to, marks, figures));
      }
    }
    flush();
    if (!text) box.append(h("p", { class: "empty" }, "The article has no text."));
    return box;
  };

  // A title or standfirst, marked like the body.
  CL.line = function (article, field, evidence) {
    const text = article[field] || "";
    return [
      ...paragraph(
        text,
        0,
        text.length,
        evidence.filter((e) => e.field === field),
        article.figures.filter((f) => f.field === field),
      ).childNodes,
    ];
  };

  CL.figureLegend = function (article) {
    const present = [...new Set(article.figures.map((f) => f.disposition))];
    return h(
      "ul",
      { class: "legend figures" },
      h("li", {}, h("mark", {}, "evidence")),
      Object.keys(CL.dispositions)
        .filter((d) => present.includes(d))
        .map((d) => h("li", {}, h("span", { class: `figure ${CL.disposition(d)[1]} d-${d}` }, CL.disposition(d)[0]))),
    );
  };

  // Every figure of an article with what became of it and why.
  CL.figureTable = function (article) {
    if (!article.figures.length) return h("p", { class: "empty" }, "No casualty figure was found in this article.");
    const incidentOf = new Map(article.mentions.map((m) => [m.mention_id, m]));
    return h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Figures of the article" },
      h(
        "table",
        { class: "plain-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Figure", "Read as", "What became of it", "Why", "Incident"].map((t) => h("th", { scope: "col" }, t)),
          ),
        ),
        h(
          "tbody",
          {},
          article.figures.map((f) => {
            const mention = incidentOf.get(f.mention_id);
            return h(
              "tr",
              {},
              h(
                "td",
                {},
                h(
                  "span",
                  { class: `figure ${CL.disposition(f.disposition)[1]} d-${f.disposition}`, dir: "auto" },
                  f.text,
                ),
              ),
              h(
                "td",
                {},
                `${CL.range(f.min, f.max) || "?"} ${f.group ? `${CL.word("group", f.group)} ` : ""}${f.outcome}`,
              ),
              h("td", {}, CL.disposition(f.disposition)[0]),
              h("td", {}, f.reason),
              h(
                "td",
                {},
                mention && mention.incident_id
                  ? h("a", { href: CL.address({ page: "", i: mention.incident_id }) }, CL.name(mention.label))
                  : "–",
              ),
            );
          }),
        ),
      ),
    );
  };
})(window.ConflictLedger);
