// Brings in the pieces of data: from scripts beside the page, or from data blocks inside it; never over a network.
"use strict";

(function (CL) {
  const waiting = new Map();
  const pieces = new Map();
  CL.meta = window.CONFLICT_LEDGER_META;

  // Called by each file in data/.
  CL.receive = function (name, text) {
    const piece = JSON.parse(text);
    pieces.set(name, Promise.resolve(piece));
    const waiter = waiting.get(name);
    if (waiter) waiter.done(piece);
  };

  CL.load = function (name) {
    if (pieces.has(name)) return pieces.get(name);
    const block = document.getElementById(`data-${name}`);
    const promise = block
      ? new Promise((done) => done(JSON.parse(block.textContent)))
      : new Promise((done, fail) => {
          waiting.set(name, { done });
          const script = document.createElement("script");
          script.onload = () => {
            script.remove();
            if (!pieces.has(name)) fail(new Error(`data/${name}.js holds something else`));
          };
          script.onerror = () => {
            pieces.delete(name);
            fail(new Error(`data/${name}.js is missing: copy the whole folder, not the page alone`));
          };
          script.src = `data/${name}.js`;
          document.head.append(script);
        });
    pieces.set(name, promise);
    promise.catch(() => {});
    return promise;
  };

  const padded = (number, digits) => String(number).padStart(digits, "0");

  // Columns back to rows; a coded column holds its different values once.
  CL.rows = function (piece) {
    const rows = Array.from({ length: piece.n }, () => ({}));
    for (const [name, column] of Object.entries(piece.columns)) {
      if (Array.isArray(column)) {
        for (let i = 0; i < rows.length; i++) rows[i][name] = column[i];
      } else {
        for (let i = 0; i < rows.length; i++)
          rows[i][name] = column.codes[i] < 0 ? null : column.values[column.codes[i]];
      }
    }
    return rows;
  };

  async function loadRows(prefix, count) {
    const names = Array.from({ length: count }, (_, i) => `${prefix}-${padded(i + 1, 4)}`);
    const loaded = await Promise.all(names.map(CL.load));
    return loaded.flatMap(CL.rows);
  }

  let incidents = null;
  // All incidents, one short row each, in the order of the ledger.
  CL.loadIncidents = function () {
    incidents =
      incidents ||
      loadRows("incidents", CL.meta.short_chunks).then((rows) => {
        CL.incidents = rows;
        CL.incidentAt = new Map(rows.map((row, i) => [row.incident_id, i]));
        rows.forEach((row, i) => (row.position = i));
        return rows;
      });
    return incidents;
  };

  // Everything about one incident; null: there is none of that id.
  CL.loadIncident = async function (id) {
    await CL.loadIncidents();
    const position = CL.incidentAt.get(id);
    if (position === undefined) return null;
    const size = CL.meta.sizes.detail;
    const piece = await CL.load(`detail-${padded(Math.floor(position / size) + 1, 5)}`);
    return piece[position % size];
  };

  let articles = null;
  CL.loadArticles = function () {
    articles =
      articles ||
      loadRows("articles", CL.meta.article_lists).then((rows) => {
        CL.articleAt = new Map(rows.map((row, i) => [row.article_id, i]));
        return rows;
      });
    return articles;
  };

  // One article with its text; `chunk` spares loading the list where it is known.
  CL.loadArticle = async function (id, chunk) {
    let number = chunk;
    if (!number) {
      await CL.loadArticles();
      const position = CL.articleAt.get(id);
      if (position === undefined) return null;
      number = Math.floor(position / CL.meta.sizes.article) + 1;
    }
    const piece = await CL.load(`article-${padded(number, 5)}`);
    return piece.find((article) => article.article_id === id) || null;
  };
})(window.ConflictLedger);
