// The panel of one incident: every field with what it rests on, the sources, and the words of each article.
"use strict";

(function (CL) {
  const { h } = CL;
  const known = (value) => value !== null && value !== undefined && value !== "";
  const none = () => h("span", { class: "unknown" }, CL.notKnown);

  function fact(incident, edit, name, label, value, basis) {
    const help = CL.meta.columns[name];
    return h(
      "div",
      { class: "fact" },
      h("dt", { title: help || null }, label),
      h(
        "dd",
        {},
        h(
          "div",
          { class: "value" },
          h("div", {}, value && (!Array.isArray(value) || value.length) ? value : none()),
          CL.editable(name)
            ? CL.button("Edit", (event) => edit(name, event.currentTarget), {
                class: "edit",
                "aria-label": `Edit ${label}`,
              })
            : null,
        ),
        basis && basis.filter(Boolean).length
          ? h(
              "div",
              { class: "basis" },
              basis.filter(Boolean).map((part, i) => [i ? " · " : "", part]),
            )
          : null,
      ),
    );
  }

  const quoted = (text) => (known(text) ? ["“", CL.name(text), "”"] : null);

  function victims(list) {
    return list.map((v) =>
      h(
        "div",
        {},
        `${CL.range(v.min, v.max) || "some"} ${CL.word("group", v.group)} ${v.outcome}`,
        v.text ? h("span", { class: "quiet" }, " ", quoted(v.text)) : null,
      ),
    );
  }

  function facts(x, edit) {
    const row = (name, label, value, ...basis) => fact(x, edit, name, label, value, basis);
    const counted = (low, high) => (known(low) || known(high) ? CL.range(low, high) : null);
    const open = (low, high) => (known(low) && !known(high) ? "no upper bound stated" : null);
    const point = known(x.latitude) && known(x.longitude);
    return h(
      "dl",
      { class: "facts" },
      row("sub_event_type", "Kind", x.sub_event_type, x.event_type !== x.sub_event_type ? x.event_type : null),
      row("killed_min", "Killed", counted(x.killed_min, x.killed_max), open(x.killed_min, x.killed_max)),
      row("injured_min", "Injured", counted(x.injured_min, x.injured_max), open(x.injured_min, x.injured_max)),
      row("victims", "Victims", x.victims.length ? victims(x.victims) : null),
      row(
        "date_start",
        "Date",
        CL.when(x) || null,
        known(x.date_precision) && CL.word("date_precision", x.date_precision),
        known(x.date_basis) && CL.word("date_basis", x.date_basis),
        quoted(x.date_text),
      ),
      row(
        "place_name",
        "Place",
        known(x.place_name) ? CL.name(x.place_name) : null,
        known(x.place_relation) && `relation: ${x.place_relation}`,
      ),
      row("admin1", "Province", known(x.admin1) ? CL.name(x.admin1) : null),
      row(
        "country_code",
        "Country",
        known(x.country_code) ? `${CL.country(x.country_code)} (${x.country_code})` : null,
      ),
      row(
        "latitude",
        "Coordinates",
        point ? `${x.latitude.toFixed(4)}, ${x.longitude.toFixed(4)}` : null,
        point && CL.word("geo_precision", x.geo_precision),
        CL.word("geo_basis", x.geo_basis),
      ),
      row(
        "perpetrator",
        "Perpetrator",
        known(x.perpetrator) ? CL.name(x.perpetrator) : null,
        known(x.perpetrator) && CL.word("perpetrator_status", x.perpetrator_status),
        quoted(x.perpetrator_text),
      ),
      row("target", "Target", known(x.target) ? CL.name(x.target) : null),
      row("weapon_text", "Weapon", known(x.weapon_text) ? CL.name(x.weapon_text) : null),
      row(
        "reported_by",
        "Reported by",
        x.reported_by.map((name, i) => [i ? ", " : "", CL.name(name)]),
      ),
      row("verification", "Verification", CL.word("verification", x.verification)),
      row(
        "confidence",
        "Confidence",
        CL.meter(x.confidence),
        "estimated chance that killed, injured, date and place are all right",
      ),
      row(
        "n_sources",
        "Sources",
        `${CL.number(x.n_sources)} independent, in ${CL.number(x.n_articles)} ${x.n_articles === 1 ? "article" : "articles"}`,
        known(x.first_published_on) && `first reported on ${CL.day(x.first_published_on)}`,
        known(x.merge_reason) && `joined because: ${x.merge_reason}`,
      ),
    );
  }

  function flags(x) {
    if (!x.flags.length) return null;
    return h(
      "section",
      {},
      h("h3", {}, "To know of this row"),
      h(
        "ul",
        {},
        x.flags.map((flag) =>
          h("li", {}, h("strong", {}, flag.replace(/_/g, " ")), CL.meta.flags[flag] ? `: ${CL.meta.flags[flag]}` : ""),
        ),
      ),
    );
  }

  function conflicts(detail) {
    const list = detail.incident.conflicts;
    if (!list.length) return null;
    const title = (id) => (detail.articles[id] ? detail.articles[id].publisher || detail.articles[id].title || id : id);
    return h(
      "section",
      {},
      h("h3", {}, "Where sources disagree"),
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Where sources disagree" },
        h(
          "table",
          { class: "plain-table" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["On", "Value", "Said by", "In"].map((t) => h("th", { scope: "col" }, t)),
            ),
          ),
          h(
            "tbody",
            {},
            list.map((c) =>
              h(
                "tr",
                {},
                h("td", {}, CL.column(c.column)),
                h("td", {}, CL.name(c.value) || none()),
                h("td", {}, CL.name(c.reported_by) || none()),
                h(
                  "td",
                  {},
                  c.article_id ? h("a", { href: CL.articleAddress(c.article_id) }, CL.name(title(c.article_id))) : "",
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }

  // What people decided: of the incident, and of the reports joined in it.
  function decided(detail) {
    const of = (rows, about) => (rows || []).map((row) => ({ ...row, about }));
    const list = [
      ...of(detail.incident.corrections, "the incident"),
      ...detail.mentions.flatMap((m) => of(m.corrections, `report ${m.mention_id}`)),
    ];
    if (!list.length) return null;
    const value = (name, text) => (known(text) ? CL.name(CL.word(name, text)) : none());
    return h(
      "section",
      {},
      h("h3", {}, "Corrected by people"),
      h(
        "ul",
        { class: "corrected" },
        list.map((c) =>
          h(
            "li",
            {},
            h("strong", {}, c.column ? CL.column(c.column) : c.action),
            c.column ? [": ", value(c.column, c.value), ", was ", value(c.column, c.original)] : null,
            ` (${c.about})`,
            known(c.reason) ? [". ", quoted(c.reason)] : null,
            known(c.who) ? [" ", CL.name(c.who)] : null,
            known(c.date) ? `, ${CL.day(c.date) || c.date}` : null,
          ),
        ),
      ),
    );
  }

  function codings(mention) {
    if (!mention.codings.length) return null;
    return h(
      "details",
      {},
      h("summary", {}, "Why each value is what it is"),
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Codings" },
        h(
          "table",
          { class: "plain-table" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["Field", "Value", "Rule", "Words"].map((t) => h("th", { scope: "col" }, t)),
            ),
          ),
          h(
            "tbody",
            {},
            mention.codings.map((c) =>
              h(
                "tr",
                {},
                h("td", {}, CL.column(c.column.replace(/_min$/, ""))),
                h("td", {}, CL.name(c.value)),
                h("td", {}, c.rule.replace(/_/g, " ")),
                h("td", {}, quoted(c.text)),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function said(mention) {
    const parts = [
      CL.when(mention),
      mention.place_name,
      CL.range(mention.killed_min, mention.killed_max) && `${CL.range(mention.killed_min, mention.killed_max)} killed`,
      CL.range(mention.injured_min, mention.injured_max) &&
        `${CL.range(mention.injured_min, mention.injured_max)} injured`,
      mention.perpetrator,
    ];
    return parts.filter(Boolean).map((part, i) => [i ? " · " : "", CL.name(part)]);
  }

  function report(detail, mention, ask) {
    const about = detail.articles[mention.article_id] || { article_id: mention.article_id };
    const text = h("div", { class: "passage-box" }, h("p", { class: "remark" }, "Opening the article …"));
    CL.loadArticle(about.article_id, about.chunk)
      .then((article) => {
        if (!article) throw new Error("the article is not in this explorer");
        const own = article.mentions.find((m) => m.mention_id === mention.mention_id);
        const evidence = own ? own.evidence : [];
        CL.append(
          CL.clear(text),
          CL.figureLegend(article),
          h("p", { class: "headline", dir: "auto" }, CL.line(article, "title", evidence)),
          article.standfirst
            ? h("p", { class: "standfirst", dir: "auto" }, CL.line(article, "standfirst", evidence))
            : null,
          CL.passage(article, evidence, true),
        );
      })
      .catch((error) =>
        CL.append(CL.clear(text), h("p", { class: "notice" }, `The text cannot be shown: ${error.message}.`)),
      );
    return h(
      "article",
      { class: "report" },
      h(
        "h4",
        {},
        h("a", { href: CL.articleAddress(about.article_id), dir: "auto" }, about.title || "Article without a title"),
      ),
      h(
        "p",
        { class: "byline" },
        CL.name(about.publisher),
        about.publisher ? " · " : "",
        CL.day(about.published_on) || "no date",
        about.url ? [" · ", CL.webLink(about.url, "at the publisher")] : null,
      ),
      h("p", { class: "said" }, "This report: ", said(mention)),
      text,
      codings(mention),
      detail.mentions.length > 1
        ? CL.button(
            "This report tells of another incident: split",
            (event) => ask(CL.splitForm(detail.incident, mention), event.currentTarget),
            { class: "small" },
          )
        : null,
    );
  }

  function reviewPart(detail, form) {
    const x = detail.incident;
    const ask = (make) => (event) => form.ask(make(x), event.currentTarget);
    const decided = CL.review.of(x.incident_id);
    return h(
      "section",
      { class: "review-part", "aria-labelledby": "review-heading" },
      h("h3", { id: "review-heading" }, "Review"),
      h(
        "p",
        { class: "buttons" },
        CL.button("Accept", ask(CL.confirmForm), { class: "primary" }),
        CL.button("Reject", ask(CL.rejectForm)),
        CL.button("Edit a field", ask(CL.editForm)),
        CL.button("Merge", ask(CL.mergeForm)),
      ),
      form.place,
      decided.length ? CL.decisionList(decided) : null,
    );
  }

  // Everything about one incident, ready for the panel.
  CL.incidentView = function (detail) {
    const x = detail.incident;
    const place = h("div", { class: "form-place" });
    const form = {
      place,
      ask(element, opener) {
        element.opener = opener;
        place.replaceChildren(element);
        place.scrollIntoView({ block: "nearest" });
        const first = element.querySelector("select, input, textarea");
        if (first) first.focus();
      },
    };
    const heading = [x.sub_event_type, CL.when(x)].filter(Boolean).join(", ");
    return h(
      "div",
      { class: "incident" },
      h("h2", { id: "incident-heading", tabindex: "-1" }, CL.where(x), h("span", { class: "sub" }, heading)),
      h(
        "p",
        { class: "byline" },
        h("code", {}, x.incident_id),
        x.aliases && x.aliases.length ? [" · also known as ", h("code", {}, x.aliases.join(", "))] : null,
        CL.isUmbrella(x) ? " · total over several places; its parts are incidents of their own" : "",
      ),
      reviewPart(detail, form),
      facts(x, (name, opener) => form.ask(CL.editForm(x, name), opener)),
      flags(x),
      decided(detail),
      conflicts(detail),
      CL.comparedPart(x.incident_id),
      h(
        "section",
        {},
        h("h3", {}, detail.mentions.length === 1 ? "The report" : `${detail.mentions.length} reports`),
        detail.mentions.map((m) => report(detail, m, form.ask)),
      ),
    );
  };
})(window.ConflictLedger);
