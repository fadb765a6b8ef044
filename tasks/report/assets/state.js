// Keeps what is looked at in the address: a page, its filters, its order and the open incident, so that a link shows the same.
"use strict";

(function (CL) {
  CL.pages = {
    "": "Explore",
    articles: "Articles",
    quality: "Quality",
    compared: "Compared",
    review: "Review",
    about: "About",
  };
  if (!CL.meta.compared) delete CL.pages.compared;
  const KEPT = [...CL.filterNames, "sort", "measure", "i"];

  // "#/article/ID?q=…" to {page, id, …}; what is not known in it is left out.
  CL.readState = function () {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const [page, id] = path.split("/");
    const state = { page: page || "", id: id ? safeDecode(id) : null };
    const parameters = new URLSearchParams(query || "");
    for (const name of KEPT) {
      const value = parameters.get(name);
      if (value) state[name] = value.slice(0, 300);
    }
    if (!["killed", "injured", "incidents"].includes(state.measure)) state.measure = "killed";
    if (!state.sort || !CL.sorts.includes(state.sort.replace("-", ""))) state.sort = "-date";
    return state;
  };

  function safeDecode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  CL.address = function (state) {
    const parameters = new URLSearchParams();
    for (const name of KEPT) {
      const usual = (name === "sort" && state.sort === "-date") || (name === "measure" && state.measure === "killed");
      if (state[name] && !usual) parameters.set(name, state[name]);
    }
    const query = parameters.toString();
    return `#/${state.page}${state.id ? `/${encodeURIComponent(state.id)}` : ""}${query ? `?${query}` : ""}`;
  };

  CL.state = null;
  // Change part of what is looked at; null takes a filter out.
  CL.go = function (changes, replace) {
    const next = { ...CL.state, ...changes };
    const address = CL.address(next);
    if (address === location.hash) return;
    if (replace) {
      history.replaceState(null, "", address);
      CL.show();
    } else {
      location.hash = address;
    }
  };
  CL.incidentAddress = (id) => CL.address({ ...CL.state, page: "", id: null, i: id });
  CL.articleAddress = (id) => CL.address({ page: "article", id });
  CL.toggle = (name, value) => CL.go({ [name]: CL.state[name] === value ? null : value });
})(window.ConflictLedger);
