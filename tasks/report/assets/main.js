// Starts the explorer and shows the page that the address names.
"use strict";

(function (CL) {
  const { h } = CL;
  const main = document.getElementById("main");
  const nav = document.getElementById("nav");
  let explore = null;
  let shownPage = null;
  let shownIncident = null;

  const dialog = h("dialog", { class: "panel", "aria-labelledby": "incident-heading" });
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    if (CL.state.i) CL.go({ i: null });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the panel
  });

  function drawNav() {
    const count = CL.review.all().length;
    CL.append(
      CL.clear(nav),
      h(
        "ul",
        {},
        Object.entries(CL.pages).map(([page, title]) => {
          const current = CL.state.page === page || (page === "articles" && CL.state.page === "article");
          return h(
            "li",
            {},
            h(
              "a",
              { href: CL.address({ page }), "aria-current": current ? "page" : null },
              title,
              page === "review" && count ? h("span", { class: "badge" }, CL.number(count)) : null,
            ),
          );
        }),
      ),
    );
  }

  function headline(totals, rows, all) {
    const { killed, injured, civilians } = totals;
    const stated = (sum) =>
      `${CL.number(sum.stated)} of ${CL.counted(sum.incidents, "incident")} state a number${sum.open ? `; ${CL.number(sum.open)} without an upper bound` : ""}`;
    const card = (kind, title, value, note) =>
      h(
        "div",
        { class: `card ${kind}` },
        h("dt", {}, title),
        h("dd", {}, h("span", { class: "big" }, value), h("span", { class: "note" }, note)),
      );
    return h(
      "dl",
      { class: "headline" },
      card(
        "incidents",
        "Incidents",
        CL.number(rows.length),
        all === rows.length
          ? `read in ${CL.number(CL.meta.n_articles)} ${CL.meta.n_articles === 1 ? "article" : "articles"}`
          : `of ${CL.number(all)}`,
      ),
      card("killed", "Killed", CL.sumWords(killed), stated(killed)),
      card(
        "killed",
        "Civilians among them",
        CL.sumWords(civilians),
        `${CL.counted(civilians.stated, "incident")} ${civilians.stated === 1 ? "names" : "name"} civilians`,
      ),
      card("injured", "Injured", CL.sumWords(injured), stated(injured)),
      card(
        "dates",
        "Time",
        totals.first
          ? totals.first.slice(0, 4) === totals.last.slice(0, 4)
            ? totals.first.slice(0, 4)
            : `${totals.first.slice(0, 4)}–${totals.last.slice(0, 4)}`
          : "no dates",
        totals.first ? `${CL.day(totals.first)} to ${CL.day(totals.last)}` : "",
      ),
    );
  }

  async function makeExplore() {
    const rows = await CL.loadIncidents();
    const filters = CL.makeFilters(rows);
    const map = CL.makeMap();
    const charts = CL.makeCharts();
    const table = CL.makeTable();
    const figures = h("div", {});
    const umbrella = h("p", { class: "remark" });
    const measure = h(
      "fieldset",
      { class: "measure" },
      h("legend", {}, "Map and charts show"),
      Object.entries(CL.measures).map(([name, title]) =>
        h(
          "label",
          {},
          h("input", {
            type: "radio",
            name: "measure",
            value: name,
            on: { change: () => CL.go({ measure: name }, true) },
          }),
          h("span", {}, title),
        ),
      ),
    );
    const element = h(
      "div",
      { class: "wide explore" },
      h("h1", { class: "unseen" }, "Explore the incidents"),
      h("p", { class: "caution" }, CL.warning),
      figures,
      umbrella,
      filters.element,
      measure,
      h("div", { class: "map-and-time" }, map.element, h("div", { class: "side" }, charts.timeline)),
      charts.element,
      table.element,
    );
    let last = "";
    return {
      element,
      table,
      update(state) {
        const key = JSON.stringify([
          ...CL.filterNames.map((name) => state[name]),
          state.sort,
          state.measure,
          CL.review.all().length,
        ]);
        filters.update(state);
        for (const input of measure.querySelectorAll("input")) input.checked = input.value === state.measure;
        if (key === last) return;
        last = key;
        const found = CL.filter(rows, state);
        const totals = CL.totals(found);
        CL.append(CL.clear(figures), headline(totals, found, rows.length));
        umbrella.textContent = totals.umbrella
          ? `${CL.number(totals.umbrella)} totals over several places, whose parts are incidents of their own, are in the table and in no sum.`
          : "";
        table.update(found, rows.length, state);
        charts.update(found, state.measure);
        map.update(found, state.measure);
        CL.say(CL.counted(found.length, "incident"));
      },
      redraw() {
        last = "";
        this.update(CL.state);
      },
    };
  }

  function aboutPage() {
    const run = CL.meta.run || {};
    const vendor = [
      ["Leaflet 1.9.4", "BSD-2-Clause"],
      ["D3 7.9", "ISC"],
      ["Observable Plot 0.6.17", "ISC"],
      ["topojson-client 3.1", "ISC"],
      ["world-atlas 2.0.2 (Natural Earth)", "ISC; data in the public domain"],
      ["GeoNames, towns of 50,000 people or more", "CC BY 4.0"],
    ];
    return h(
      "div",
      { class: "wide narrow" },
      h("h1", {}, "About this explorer"),
      h("p", { class: "lead" }, CL.warning),
      h("h2", {}, "How to read it"),
      h(
        "ul",
        {},
        h(
          "li",
          {},
          "A number has a range: “26” is stated as such, “5–7” lies between, “24+” has no upper bound. Bars are solid up to what is stated at least and light up to what is stated at most.",
        ),
        h("li", {}, "“Not known” means that no report says it. It is never zero."),
        h(
          "li",
          {},
          "Who is said to have done it and how well that is supported are two things: see “perpetrator” and “verification” of an incident.",
        ),
        h(
          "li",
          {},
          "Every value points to words. Open an incident to read them; figures that count in no incident carry the reason.",
        ),
      ),
      h("h2", {}, "Where it comes from"),
      h(
        "ul",
        {},
        h(
          "li",
          {},
          `${CL.counted(CL.meta.n_articles, "article")}, ${CL.counted(CL.meta.n_mentions, "report")}, ${CL.counted(CL.meta.n_figures, "figure")}, ${CL.counted(CL.meta.n_incidents, "incident")}.`,
        ),
        run.run_id
          ? h(
              "li",
              {},
              "Run ",
              h("code", {}, run.run_id),
              run.finished_at ? `, finished ${run.finished_at.slice(0, 10)}` : "",
            )
          : null,
        run.versions && run.versions["conflict-ledger"]
          ? h("li", {}, `Conflict Ledger ${run.versions["conflict-ledger"]}`)
          : null,
      ),
      h("h2", {}, "Keys"),
      h(
        "p",
        {},
        "In the table: arrow keys go from row to row, Enter opens an incident. In an incident: ",
        h("kbd", {}, "["),
        " and ",
        h("kbd", {}, "]"),
        " go to the one before and after, Esc closes.",
      ),
      h("h2", {}, "Built with"),
      h(
        "ul",
        {},
        vendor.map(([name, licence]) => h("li", {}, `${name}: ${licence}`)),
      ),
      h("p", {}, "This page asks nothing of any network."),
    );
  }

  async function showIncident(id, force) {
    if (!id) {
      shownIncident = null;
      if (dialog.open) dialog.close();
      return;
    }
    if (id === shownIncident && !force) return;
    shownIncident = id;
    const detail = await CL.loadIncident(id);
    if (CL.state.i !== id) return;
    const order = explore ? explore.table.order() : [];
    const at = order.findIndex((row) => row.incident_id === id);
    const step = (by, text, sign) => {
      const next = at >= 0 ? order[at + by] : null;
      return CL.button(h("span", { "aria-hidden": "true" }, sign), () => next && CL.go({ i: next.incident_id }, true), {
        "aria-label": text,
        title: text,
        disabled: !next,
        class: "icon step",
        data: { by: String(by) },
      });
    };
    const bar = h(
      "div",
      { class: "panel-bar" },
      step(-1, "Incident before ([)", "←"),
      step(1, "Incident after (])", "→"),
      h("span", { class: "quiet" }, at >= 0 ? `${CL.number(at + 1)} of ${CL.number(order.length)}` : ""),
      h("span", { class: "stretch" }),
      CL.button("Print", () => window.print(), { class: "small" }),
      CL.button(h("span", { "aria-hidden": "true" }, "×"), () => dialog.close(), {
        "aria-label": "Close",
        class: "icon",
      }),
    );
    const content = detail
      ? CL.incidentView(detail)
      : h(
          "div",
          { class: "incident" },
          h("h2", { id: "incident-heading", tabindex: "-1" }, "No such incident"),
          h("p", {}, "This ledger holds no incident ", h("code", {}, id), ". It may have become one with another."),
        );
    const scroll = force ? dialog.scrollTop : 0;
    dialog.replaceChildren(bar, content);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = scroll;
    if (!force) dialog.querySelector("h2").focus({ preventScroll: true });
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "[" || event.key === "]") {
      const button = dialog.querySelector(`.step[data-by="${event.key === "[" ? -1 : 1}"]`);
      if (button) button.click();
    }
  });

  // What lies above the page is cut at the end of one sheet of paper; a copy within the page goes on to the next.
  let sheet = null;
  window.addEventListener("beforeprint", () => {
    const incident = dialog.open && dialog.querySelector(".incident");
    if (!incident || sheet) return;
    sheet = h("div", { class: "print-sheet" }, incident.cloneNode(true));
    document.body.append(sheet);
  });
  window.addEventListener("afterprint", () => {
    if (sheet) sheet.remove();
    sheet = null;
  });

  async function page(state) {
    switch (state.page) {
      case "articles":
        return CL.articlesPage();
      case "article":
        return CL.articlePage(state.id);
      case "quality":
        return CL.qualityPage();
      case "compared":
        return CL.meta.compared ? CL.comparedPage() : CL.qualityPage();
      case "review":
        return CL.reviewPage();
      case "about":
        return aboutPage();
      default:
        explore = explore || (await makeExplore());
        return explore.element;
    }
  }

  CL.show = async function (force) {
    CL.state = CL.readState();
    const state = CL.state;
    drawNav();
    const name = state.page in CL.pages || state.page === "article" ? `${state.page}/${state.id || ""}` : "/";
    try {
      if (name !== shownPage || (force && state.page === "review")) {
        const moved = shownPage !== null && name !== shownPage;
        const element = await page(state);
        if (CL.state !== state) return;
        shownPage = name;
        main.replaceChildren(element);
        const title = element.querySelector("h1");
        document.title =
          title && state.page ? `${title.textContent} – ${CL.plain(CL.meta.title)}` : CL.plain(CL.meta.title);
        if (moved) {
          window.scrollTo(0, 0);
          main.focus({ preventScroll: true });
        }
      }
      if (name === "/" && explore) explore.update(state);
      await showIncident(name === "/" ? state.i : null, force);
    } catch (error) {
      shownPage = null;
      main.replaceChildren(
        h(
          "div",
          { class: "wide narrow" },
          h("h1", {}, "This page cannot be shown"),
          h("p", { class: "notice" }, String(error.message || error)),
        ),
      );
      throw error;
    }
  };

  CL.reviewChanged = function () {
    if (CL.state) CL.show(true);
  };

  document
    .getElementById("foot")
    .append(h("p", {}, CL.warning, " ", h("a", { href: "#/about" }, "About this explorer")));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  window.addEventListener("hashchange", () => CL.show());
  let width = window.innerWidth;
  window.addEventListener(
    "resize",
    CL.later(250, () => {
      if (window.innerWidth === width || !explore || shownPage !== "/") return;
      width = window.innerWidth;
      explore.redraw();
    }),
  );
  CL.review.start();
  CL.show();
})(window.ConflictLedger);
