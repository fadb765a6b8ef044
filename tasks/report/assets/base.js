// Builds what is shown from text nodes alone: article text is hostile, and nothing in this program reads text as markup.
"use strict";

window.ConflictLedger = {};

(function (CL) {
  // Leaflet writes these few pieces of markup of its own; a browser with Trusted Types refuses every other string.
  const LEAFLET_MARKUP = new Set([
    "<svg/>",
    '<v:shape adj="1"/>',
    '<span aria-hidden="true">&#215;</span>',
    '<span aria-hidden="true">+</span>',
    '<span aria-hidden="true">&#x2212;</span>',
  ]);
  const SCALE = /^\d+ k?m$/;
  const DATA_FILE = /^data\/[a-z]+(-\d+)?\.js$/;

  if (window.trustedTypes && window.trustedTypes.createPolicy) {
    window.trustedTypes.createPolicy("default", {
      createHTML: (text) => (LEAFLET_MARKUP.has(text) || SCALE.test(text) ? text : null),
      createScriptURL: (address) => (DATA_FILE.test(address) ? address : null),
    });
  }

  const SVG = "http://www.w3.org/2000/svg";
  const ATTRIBUTES = new Set([
    "class",
    "id",
    "type",
    "value",
    "name",
    "for",
    "title",
    "role",
    "tabindex",
    "dir",
    "lang",
    "placeholder",
    "scope",
    "hidden",
    "open",
    "checked",
    "selected",
    "disabled",
    "colspan",
    "min",
    "max",
    "step",
    "autocomplete",
    "maxlength",
    "download",
    "rows",
    "required",
    "accept",
    "list",
    "spellcheck",
    "datetime",
    "width",
    "height",
    "viewBox",
    "d",
    "cx",
    "cy",
    "r",
    "fill",
    "stroke",
    "inputmode",
    "pattern",
    "low",
    "high",
    "optimum",
    "span",
  ]);

  // What a reader sees of a text: without the characters that turn the direction of what follows, or that print nothing.
  const UNSEEN = /[\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;
  CL.plain = (text) => String(text).replace(UNSEEN, "");

  function append(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : document.createTextNode(CL.plain(child)));
    }
    return element;
  }

  // One element. `on` holds listeners; `href` takes places in this page only; any attribute that is not listed is refused.
  CL.h = function (tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") {
        for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
      } else if (name === "data") {
        Object.assign(element.dataset, value);
      } else if (name === "style") {
        for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
      } else if (name === "href") {
        if (!/^#/.test(value)) throw new Error("only places in this page");
        element.setAttribute("href", value);
      } else if (ATTRIBUTES.has(name) || name.startsWith("aria-")) {
        element.setAttribute(name, value === true ? "" : String(value));
      } else {
        throw new Error(`no such attribute: ${name}`);
      }
    }
    return append(element, children);
  };

  CL.svg = function (tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, String(value));
    return append(element, children);
  };

  CL.append = (element, ...children) => append(element, children);
  CL.clear = (element) => (element.replaceChildren(), element);

  // A name or a passage that another writing direction may run through without disturbing its neighbours.
  CL.name = (text, kind) =>
    text === null || text === undefined ? null : CL.h("bdi", { class: kind, dir: "auto" }, text);

  // A link out, only for addresses of the web; anything else stays text.
  CL.webLink = function (address, text) {
    let url = null;
    try {
      url = new URL(String(address));
    } catch {
      url = null;
    }
    if (!url || !["http:", "https:"].includes(url.protocol)) return CL.name(text || address);
    const link = CL.h("a", { class: "out", dir: "auto" }, text || address);
    link.setAttribute("href", url.href);
    link.setAttribute("rel", "noreferrer noopener external");
    link.setAttribute("target", "_blank");
    return link;
  };

  CL.button = (text, listener, attributes) =>
    CL.h("button", { type: "button", ...(attributes || {}), on: { click: listener } }, text);

  CL.say = function (text) {
    document.getElementById("live").textContent = text;
  };

  const NUMBER = new Intl.NumberFormat("en");
  CL.number = (value) => NUMBER.format(value);
  CL.counted = (value, noun) => `${CL.number(value)} ${noun}${value === 1 ? "" : "s"}`;

  // 26 · 5–7 · 24+ (open above) · up to 7 (open below) · nothing where no number is stated.
  CL.range = function (low, high) {
    if (low === null && high === null) return "";
    if (low === null) return `≤ ${CL.number(high)}`;
    if (high === null) return `${CL.number(low)}+`;
    return low === high ? CL.number(low) : `${CL.number(low)}–${CL.number(high)}`;
  };

  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  CL.day = function (iso) {
    if (!iso) return "";
    const [year, month, day] = iso.split("-");
    return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
  };

  CL.when = function (row) {
    if (!row.date_start) return "";
    const [year, month] = row.date_start.split("-");
    if (row.date_precision === "year" && row.date_end && row.date_end.slice(0, 4) === year) return year;
    if (row.date_precision === "month" && row.date_end && row.date_end.slice(0, 7) === row.date_start.slice(0, 7)) {
      return `${MONTHS[Number(month) - 1]} ${year}`;
    }
    if (!row.date_end || row.date_end === row.date_start) return CL.day(row.date_start);
    const last = row.date_end.split("-");
    if (last[0] === year && last[1] === month) {
      return `${Number(row.date_start.slice(8))}–${Number(last[2])} ${MONTHS[Number(month) - 1]} ${year}`;
    }
    return `${CL.day(row.date_start)} – ${CL.day(row.date_end)}`;
  };

  let regions = null;
  CL.country = function (code) {
    if (!code) return "";
    try {
      regions = regions || new Intl.DisplayNames(["en"], { type: "region" });
      return regions.of(code) || code;
    } catch {
      return code;
    }
  };

  CL.later = function (wait, action) {
    let timer = 0;
    return (...values) => {
      clearTimeout(timer);
      timer = setTimeout(() => action(...values), wait);
    };
  };

  // Saves text as a file of the reader's; no address is involved but one that lives in the page.
  CL.save = function (name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
})(window.ConflictLedger);
