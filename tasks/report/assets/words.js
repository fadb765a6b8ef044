// The words for coded values: what a reader is told instead of the codes of the tables.
"use strict";

(function (CL) {
  CL.columns = {
    sub_event_type: "Kind",
    event_type: "Class",
    killed_min: "Killed, at least",
    killed_max: "Killed, at most",
    injured_min: "Injured, at least",
    injured_max: "Injured, at most",
    date_start: "First day",
    date_end: "Last day",
    date_precision: "Precision of the date",
    place_name: "Place",
    place_relation: "Relation to the place",
    admin1: "Province",
    country_code: "Country",
    latitude: "Latitude",
    longitude: "Longitude",
    geo_precision: "Precision of the place",
    perpetrator: "Perpetrator",
    perpetrator_status: "Status of the perpetrator",
    target: "Target",
    weapon_text: "Weapon",
    verification: "Verification",
    reported_by: "Reported by",
    victims: "Victims",
    confidence: "Confidence",
    flags: "Flags",
    killed: "Killed",
    injured: "Injured",
  };
  CL.column = (name) => CL.columns[name] || String(name).replace(/_/g, " ");

  // Each disposition: short words, whether the figure is used, explained or unresolved, and what it means.
  CL.dispositions = {
    incident: ["counted", "used", "Counts in an incident."],
    repeat: ["said again", "used", "The same number of the same incident again; counted once."],
    toll: ["not counted: war toll", "explained", "A running total of a war or a campaign, no single incident."],
    threat: ["not counted: threat or plan", "explained", "Something threatened, planned or averted."],
    caption: ["not counted: caption", "explained", "Stands in a picture's caption."],
    background: ["not counted: past events", "explained", "Told as the past of the story."],
    not_violence: ["not counted: not violence", "explained", "Deaths or injuries that no armed violence caused."],
    other_story: ["not counted: another story", "explained", "Belongs to another story embedded in the page."],
    unresolved: ["not resolved", "unresolved", "Could not be tied to an incident; look at it."],
  };
  CL.disposition = (name) => CL.dispositions[name] || [String(name).replace(/_/g, " "), "unresolved", ""];

  CL.values = {
    date_basis: {
      explicit: "the day is written out",
      weekday: "a weekday, counted back from the day of publication",
      relative: "a time relative to publication or to another day",
      inherited: "taken from another sentence on the same incident",
      correction: "set by a person",
    },
    date_precision: {
      day: "to the day",
      days: "a range of days",
      week: "to the week",
      month: "to the month",
      year: "to the year",
    },
    geo_precision: { 1: "the named place itself", 2: "near the named place", 3: "a region; its reference point" },
    geo_basis: {
      gazetteer: "found in the gazetteer",
      gazetteer_similar: "one place of nearly that spelling in the gazetteer",
      gazetteer_within: "point of the town that it is said to lie in",
      gazetteer_region: "reference point of the region",
      country_only: "no point: only a country is named",
      not_named: "no point: no place is named",
      not_found: "no point: the gazetteer does not know the place",
      ambiguous: "no point: several places have that name",
      correction: "set by a person",
    },
    perpetrator_status: {
      stated: "stated as a fact",
      claimed: "claimed by the actor itself",
      suspected: "suspected or accused",
      unknown: "not known",
    },
    verification: {
      multi_source: "several independent sources",
      single_source: "one source",
      belligerent_claim: "a belligerent's claim",
      unattributed: "no source named",
      unverified: "said not to be verified",
      denied: "denied",
    },
    group: {
      civilian: "civilians",
      child: "children",
      woman: "women",
      combatant: "combatants",
      journalist: "journalists",
      humanitarian: "medics and aid workers",
    },
  };
  CL.word = function (column, value) {
    if (value === null || value === undefined) return "";
    const words = CL.values[column];
    return (words && words[value]) || String(value).replace(/_/g, " ");
  };

  // "Islamic State (IS, ISIS)" without the other names, where there is little room.
  CL.short = (name) => name.replace(/ \([^()]*\)$/, "");

  CL.notKnown = "not known";
  CL.warning =
    "Read by machine from news reports: what reports say, not what is established. Read each number with its range, its sources and its words.";
})(window.ConflictLedger);
