// The list of articles, and the page of one article with all that was read in it.
"use strict";

(function (CL) {
  const { h } = CL;
  const SHOWN = 200;

  CL.articlesPage = async function () {
    const rows = await CL.loadArticles();
    const search = h("input", {
      type: "search",
      id: "article-search",
      placeholder: "Title or publisher …",
      autocomplete: "off",
      maxlength: 200,
    });
    const count = h("p", { class: "count", role: "status" });
    const list = h("ol", { class: "article-list" });
    let shown = SHOWN;
    const more = CL.button("Show more", () => {
      shown += SHOWN;
      draw();
    });
    function draw() {
      const words = CL.fold(search.value).split(/\s+/).filter(Boolean);
      const found = words.length
        ? rows.filter((row) => {
            row.search =
              row.search ||
              CL.fold(`${row.title || ""} ${row.publisher || ""} ${row.published_on || ""} ${row.article_id}`);
            return words.every((word) => row.search.includes(word));
          })
        : rows;
      count.textContent =
        found.length === rows.length
          ? `${CL.number(rows.length)} in all`
          : `${CL.number(found.length)} of ${CL.number(rows.length)}`;
      list.replaceChildren(
        ...found
          .slice(0, shown)
          .map((row) =>
            h(
              "li",
              {},
              h("a", { href: CL.articleAddress(row.article_id), dir: "auto" }, row.title || "No title"),
              h(
                "div",
                { class: "byline" },
                CL.name(row.publisher),
                row.publisher ? " · " : "",
                CL.day(row.published_on) || "no date",
                ` · ${CL.number(row.n_mentions)} ${row.n_mentions === 1 ? "incident" : "incidents"}`,
                row.duplicate_of ? " · copy of another article" : "",
                row.language && row.language !== "en" ? ` · language: ${row.language}` : "",
              ),
            ),
          ),
      );
      more.hidden = found.length <= shown;
    }
    search.addEventListener(
      "input",
      CL.later(150, () => {
        shown = SHOWN;
        draw();
      }),
    );
    draw();
    return h(
      "div",
      { class: "wide narrow" },
      h("h1", {}, "Articles"),
      h(
        "form",
        { role: "search", class: "filters", on: { submit: (e) => e.preventDefault() } },
        h("label", { class: "field" }, h("span", {}, "Search"), search),
      ),
      count,
      list,
      more,
    );
  };

  function removed(article) {
    if (!article.removed.length) return null;
    return h(
      "details",
      {},
      h(
        "summary",
        {},
        `${article.removed.length} ${article.removed.length === 1 ? "piece" : "pieces"} taken out of the body`,
      ),
      h(
        "ul",
        {},
        article.removed.map((piece) =>
          h("li", {}, h("strong", {}, piece.kind.replace(/_/g, " ")), ": ", CL.name(piece.text)),
        ),
      ),
    );
  }

  CL.articlePage = async function (id) {
    const article = await CL.loadArticle(id);
    if (!article)
      return h(
        "div",
        { class: "wide narrow" },
        h("h1", {}, "No such article"),
        h("p", {}, "This explorer holds no article ", h("code", {}, id), "."),
      );
    const evidence = article.mentions.flatMap((m) => m.evidence);
    const facts = [
      CL.name(article.publisher),
      CL.name(article.author),
      CL.day(article.published_on) || "no date",
      `date from: ${article.published_basis}`,
      article.language,
      `${CL.number(article.word_count)} words`,
      article.url ? CL.webLink(article.url, "at the publisher") : null,
    ];
    return h(
      "div",
      { class: "wide narrow article-page" },
      h("h1", { dir: "auto" }, article.title ? CL.line(article, "title", evidence) : "No title"),
      h(
        "p",
        { class: "byline" },
        facts.filter(Boolean).map((part, i) => [i ? " · " : "", part]),
      ),
      article.duplicate_of
        ? h(
            "p",
            { class: "notice" },
            "A copy of ",
            h("a", { href: CL.articleAddress(article.duplicate_of) }, "another article"),
            ".",
          )
        : null,
      article.flags.length
        ? h(
            "ul",
            { class: "flags" },
            article.flags.map((flag) =>
              h(
                "li",
                {},
                h("strong", {}, flag.replace(/_/g, " ")),
                CL.meta.flags[flag] ? `: ${CL.meta.flags[flag]}` : "",
              ),
            ),
          )
        : null,
      CL.figureLegend(article),
      article.standfirst
        ? h("p", { class: "standfirst", dir: "auto" }, CL.line(article, "standfirst", evidence))
        : null,
      CL.passage(article, evidence, false),
      removed(article),
      h(
        "section",
        {},
        h("h2", {}, "Incidents read in it"),
        article.mentions.length
          ? h(
              "ul",
              {},
              article.mentions.map((m) =>
                h(
                  "li",
                  {},
                  m.incident_id
                    ? h("a", { href: CL.address({ page: "", i: m.incident_id }) }, CL.name(m.label))
                    : CL.name(m.label),
                ),
              ),
            )
          : h("p", { class: "empty" }, "None."),
      ),
      h("section", {}, h("h2", {}, "Figures"), CL.figureTable(article)),
    );
  };
})(window.ConflictLedger);
