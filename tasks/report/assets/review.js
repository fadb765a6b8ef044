// The page of the review: the decisions so far, and the corrections file to save.
"use strict";

(function (CL) {
  const { h } = CL;

  CL.reviewPage = function () {
    const all = CL.review.all();
    const file = h("input", { type: "file", accept: ".csv,text/csv", id: "review-file" });
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      try {
        const [taken, left] = CL.review.fromCsv(await file.files[0].text());
        CL.say(`${taken} decisions taken in, ${left} left out.`);
      } catch (error) {
        CL.say(`Not taken in: ${error.message}.`);
        file.setCustomValidity(error.message);
        file.reportValidity();
      }
    });
    let armed = false;
    const clear = CL.button(
      "Forget all decisions",
      () => {
        if (armed) return CL.review.clear();
        armed = true;
        clear.textContent = "Really forget them? Press again";
      },
      { class: "small" },
    );
    return h(
      "div",
      { class: "wide narrow review-page" },
      h("h1", {}, "Review"),
      h(
        "p",
        { class: "lead" },
        "Open an incident, read its words, and accept, reject, edit, merge or split it. Decisions stay in this browser until you save them as a file; the next run of the ledger applies the file.",
      ),
      CL.review.kept()
        ? null
        : h(
            "p",
            { class: "notice" },
            "This browser keeps nothing for pages of this kind: save the file before you close the page.",
          ),
      h(
        "p",
        { class: "buttons" },
        CL.button(
          `Save corrections.csv (${CL.number(all.length)})`,
          () => CL.save("corrections.csv", CL.review.toCsv(), "text/csv;charset=utf-8"),
          { class: "primary", disabled: !all.length, id: "save-corrections" },
        ),
      ),
      h("h2", {}, `${CL.number(all.length)} ${all.length === 1 ? "decision" : "decisions"}`),
      all.length ? CL.decisionList(all) : h("p", { class: "empty" }, "None yet."),
      h("h2", {}, "Go on with a file"),
      h(
        "div",
        { class: "field" },
        h("label", { for: "review-file" }, "Take in a corrections.csv that was saved before"),
        file,
      ),
      all.length ? h("p", {}, clear) : null,
    );
  };
})(window.ConflictLedger);
