// The forms by which a reader accepts, rejects, edits, merges or splits an incident.
"use strict";

(function (CL) {
  const { h } = CL;
  const COUNT = { kind: "number", min: 0, step: 1 };
  const FIELDS = {
    sub_event_type: { kind: "choice" },
    killed_min: COUNT,
    killed_max: COUNT,
    injured_min: COUNT,
    injured_max: COUNT,
    date_start: { kind: "date" },
    date_end: { kind: "date" },
    date_precision: { kind: "choice" },
    place_name: { kind: "text" },
    place_relation: { kind: "text" },
    admin1: { kind: "text" },
    country_code: { kind: "text", pattern: "[A-Z]{2}", hint: "two capital letters, such as SY" },
    latitude: { kind: "number", min: -90, max: 90, step: "any" },
    longitude: { kind: "number", min: -180, max: 180, step: "any" },
    geo_precision: { kind: "choice" },
    perpetrator: { kind: "text" },
    perpetrator_status: { kind: "choice" },
    target: { kind: "text" },
    weapon_text: { kind: "text" },
    verification: { kind: "choice" },
  };
  CL.editable = (name) => FIELDS[name] !== undefined;

  const asText = (value) => (value === null || value === undefined ? "" : String(value));
  let unique = 0;

  function labelled(text, control, hint) {
    unique += 1;
    control.id = `review-${unique}`;
    if (hint) control.setAttribute("aria-describedby", `review-${unique}-hint`);
    return h(
      "div",
      { class: "field" },
      h("label", { for: control.id }, text),
      control,
      hint ? h("span", { class: "remark", id: `review-${unique}-hint` }, hint) : null,
    );
  }

  // A form that asks for a reason and a name, and keeps one decision.
  function decisionForm(title, controls, decide, { needsReason = true } = {}) {
    const reason = h("textarea", { rows: 2, required: needsReason, maxlength: 1000 });
    const who = h("input", {
      type: "text",
      required: true,
      autocomplete: "name",
      maxlength: 100,
      value: CL.review.who(),
    });
    const form = h(
      "form",
      { class: "decision", "aria-label": title },
      h("h4", {}, title),
      controls,
      labelled(needsReason ? "Reason" : "Reason (if you like)", reason),
      labelled("Your name", who),
      h(
        "p",
        { class: "buttons" },
        h("button", { type: "submit", class: "primary" }, "Keep this decision"),
        CL.button("Cancel", () => close()),
      ),
    );
    function close() {
      const opener = form.opener;
      form.remove();
      if (opener && opener.isConnected) opener.focus();
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const decision = decide();
      if (!decision) return;
      CL.review.remember(who.value.trim());
      CL.review.add({
        field: "",
        value: "",
        expected: "",
        ...decision,
        reason: reason.value.trim(),
        who: who.value.trim(),
      });
      CL.say("Decision kept. Save corrections.csv on the Review page.");
    });
    return form;
  }

  function editor(name, current) {
    const field = FIELDS[name];
    if (field.kind === "choice") {
      return h(
        "select",
        {},
        h("option", { value: "" }, CL.notKnown),
        CL.meta.allowed[name].map((value) =>
          h("option", { value, selected: asText(value) === asText(current) }, CL.word(name, value)),
        ),
      );
    }
    const attributes = { type: field.kind, value: asText(current), maxlength: field.kind === "text" ? 300 : null };
    if (field.kind === "number") Object.assign(attributes, { min: field.min, max: field.max, step: field.step });
    if (field.pattern) attributes.pattern = field.pattern;
    return h("input", { ...attributes, dir: field.kind === "text" ? "auto" : null });
  }

  // Set one field of an incident; `name` may be chosen in the form.
  CL.editForm = function (incident, name) {
    const place = h("div", {});
    const chosen = h(
      "select",
      {},
      Object.keys(FIELDS).map((field) => h("option", { value: field, selected: field === name }, CL.column(field))),
    );
    let control = null;
    const draw = () => {
      control = editor(chosen.value, incident[chosen.value]);
      const was =
        incident[chosen.value] === null ? CL.notKnown : CL.plain(CL.word(chosen.value, incident[chosen.value]));
      CL.append(
        CL.clear(place),
        labelled(
          "New value",
          control,
          [`Now: ${was}. Empty: ${CL.notKnown}.`, FIELDS[chosen.value].hint].filter(Boolean).join(" "),
        ),
      );
    };
    chosen.addEventListener("change", draw);
    draw();
    return decisionForm("Edit a field", [labelled("Field", chosen), place], () => {
      const value = control.value.trim();
      if (value === asText(incident[chosen.value])) {
        control.setCustomValidity("This is the value that it has now.");
        control.reportValidity();
        control.addEventListener("input", () => control.setCustomValidity(""), { once: true });
        return null;
      }
      return {
        target: "incident",
        target_id: incident.incident_id,
        action: "set",
        field: chosen.value,
        value,
        expected: asText(incident[chosen.value]),
      };
    });
  };

  CL.rejectForm = (incident) =>
    decisionForm("Reject: this is no incident", [], () => ({
      target: "incident",
      target_id: incident.incident_id,
      action: "reject",
    }));
  CL.confirmForm = (incident) =>
    decisionForm(
      "Accept as it is",
      [],
      () => ({ target: "incident", target_id: incident.incident_id, action: "confirm" }),
      { needsReason: false },
    );
  CL.splitForm = (incident, mention) =>
    decisionForm("Split: this report tells of another incident", [], () => ({
      target: "mention",
      target_id: mention.mention_id,
      action: "split",
      expected: incident.incident_id,
    }));

  const DAY = 86400000;
  // Incidents that could be the same: near in time or place, in the same country where it is known.
  function alike(incident) {
    const words = CL.fold(incident.place_name || "")
      .split(/\s+/)
      .filter((word) => word.length > 3);
    const scored = [];
    for (const row of CL.incidents) {
      if (row.incident_id === incident.incident_id) continue;
      if (row.country_code && incident.country_code && row.country_code !== incident.country_code) continue;
      const days =
        row.date_start && incident.date_start
          ? Math.abs(Date.parse(row.date_start) - Date.parse(incident.date_start)) / DAY
          : 10;
      const place = words.some((word) => CL.fold(row.place_name || "").includes(word))
        ? 0
        : row.admin1 && row.admin1 === incident.admin1
          ? 4
          : 12;
      const kind = row.sub_event_type === incident.sub_event_type ? 0 : 3;
      if (days <= 60 || place === 0) scored.push([days + place + kind, row]);
    }
    return scored
      .sort((a, b) => a[0] - b[0] || a[1].position - b[1].position)
      .slice(0, 40)
      .map((pair) => pair[1]);
  }

  const brief = (row) =>
    CL.plain(
      [
        CL.when(row) || "no date",
        row.place_name || row.admin1 || "place not named",
        row.sub_event_type,
        CL.range(row.killed_min, row.killed_max) && `${CL.range(row.killed_min, row.killed_max)} killed`,
        row.incident_id.slice(0, 9),
      ]
        .filter(Boolean)
        .join(" · "),
    );

  CL.mergeForm = function (incident) {
    const choice = h(
      "select",
      {},
      h("option", { value: "" }, "choose …"),
      alike(incident).map((row) => h("option", { value: row.incident_id }, brief(row))),
    );
    const id = h("input", { type: "text", spellcheck: "false", autocomplete: "off", maxlength: 60 });
    return decisionForm(
      "Merge: the same incident as another",
      [
        labelled("Likely ones, the likeliest first", choice),
        labelled("or its id", id, "At least the first six characters."),
      ],
      () => {
        const typed = id.value.trim();
        const found = typed
          ? CL.incidents.filter(
              (row) => row.incident_id === typed || (typed.length >= 6 && row.incident_id.startsWith(typed)),
            )
          : CL.incidents.filter((row) => row.incident_id === choice.value);
        const control = typed ? id : choice;
        control.addEventListener("input", () => control.setCustomValidity(""), { once: true });
        if (found.length !== 1 || found[0].incident_id === incident.incident_id) {
          control.setCustomValidity(
            typed ? "There is no one other incident of this id." : "Choose an incident, or give its id.",
          );
          control.reportValidity();
          return null;
        }
        return { target: "incident", target_id: incident.incident_id, action: "merge", value: found[0].incident_id };
      },
    );
  };

  CL.decisionWords = function (one) {
    const id = (text) => h("code", {}, text.slice(0, 9));
    const link = (incident) => h("a", { href: CL.address({ page: "", i: incident }) }, id(incident));
    switch (one.action) {
      case "set":
        return [
          link(one.target_id),
          `: ${CL.column(one.field)} `,
          h("del", {}, CL.name(one.expected || CL.notKnown)),
          " → ",
          h("ins", {}, CL.name(one.value || CL.notKnown)),
        ];
      case "merge":
        return [link(one.target_id), " is the same as ", link(one.value)];
      case "split":
        return ["report ", id(one.target_id), " leaves ", one.expected ? link(one.expected) : "its incident"];
      case "reject":
        return [one.target === "incident" ? link(one.target_id) : id(one.target_id), " is no incident"];
      default:
        return [one.target === "incident" ? link(one.target_id) : id(one.target_id), " accepted as it is"];
    }
  };

  CL.decisionList = function (decisions) {
    return h(
      "ul",
      { class: "decisions" },
      decisions.map((one) =>
        h(
          "li",
          {},
          h(
            "span",
            { class: `tag ${one.action}` },
            one.action === "confirm" ? "accept" : one.action === "set" ? "edit" : one.action,
          ),
          " ",
          CL.decisionWords(one),
          one.reason ? [" – ", CL.name(one.reason, "quiet")] : null,
          h("span", { class: "quiet" }, " (", CL.name(one.who), `, ${one.date})`),
          " ",
          CL.button("Undo", () => CL.review.remove(one), {
            class: "plain",
            "aria-label": `Undo: ${one.action} ${one.target_id}`,
          }),
        ),
      ),
    );
  };
})(window.ConflictLedger);
