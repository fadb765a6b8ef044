"""Resolution: which reports become one incident, which stay apart, and what the incident's row says of them."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from itertools import combinations
from pathlib import Path

import pytest

from expectations.storage import read_table, write_part
from expectations.tables import TABLES
from tasks.resolve.account import Account, account_of, fold_name
from tasks.resolve.copies import root_of
from tasks.resolve.counts import Said, combine_counts, says_update
from tasks.resolve.grouping import Group, Member, group_periods, set_copies_aside
from tasks.resolve.linking import NoCache, digest_of, hash_of
from tasks.resolve.periods import Periods, period_of
from tasks.resolve.step import resolve_incidents
from tasks.resolve.wording import Story
from tests.unit.mention_rows import HAROUN, LATER_STRIKE, MOSQUE, STRIKE, STRIKE_ELSEWHERE, article, mention

GOLD = Path(__file__).parents[3] / "shared" / "gold"


def resolve(work, articles, mentions):
    """The tables after resolve: incidents, and mention_id → incident_id."""
    write_part(work / "articles" / "part-00000.parquet", TABLES["articles"], articles)
    write_part(work / "mentions" / "part-00000.parquet", TABLES["mentions"], mentions)
    summary = resolve_incidents(work, run_id="test")
    assert summary.rows_in == summary.rows_out == len(mentions)
    incidents = read_table(work, "incidents").to_pylist()
    found = {row["mention_id"]: row["incident_id"] for row in read_table(work, "mentions").to_pylist()}
    assert sorted(found) == sorted(m for row in incidents for m in row["mention_ids"])
    return incidents, found


def same_incident(found, *rows):
    return len({found[row["mention_id"]] for row in rows}) == 1


def test_one_article_gives_one_incident_a_mention(tmp_path):
    rows = [
        mention("a", STRIKE, 0, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention("a", MOSQUE, 1, killed=(14, 14), date="2018-11-09", **HAROUN),
        mention("a", LATER_STRIKE, 2, killed=(6, 6), date="2018-11-12", **HAROUN),
    ]
    incidents, found = resolve(tmp_path, [article("a")], rows)
    assert len(incidents) == len(set(found.values())) == 3
    first = next(row for row in incidents if row["mention_ids"] == [rows[0]["mention_id"]])
    assert (first["killed_min"], first["killed_max"], first["place_name"]) == (26, 26, "Tell Haroun")
    assert (first["n_articles"], first["n_sources"], first["merge_reason"]) == (1, 1, None)
    assert first["first_published_on"] == dt.date(2018, 11, 13)
    assert first["conflicts"] == []
    assert first["confidence"] == 0.7


def test_an_article_that_tells_one_strike_twice_is_not_joined_with_itself(tmp_path):
    rows = [mention("a", STRIKE, n, killed=(26, 26), date="2018-11-09", **HAROUN) for n in (0, 1)]
    incidents, _ = resolve(tmp_path, [article("a")], rows)
    assert len(incidents) == 2


def test_two_reports_of_one_strike_are_one_incident_with_two_sources(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", reported_by=["Ibn Rushd clinic"], **HAROUN),
        mention("b", STRIKE_ELSEWHERE, killed=(26, 26), date="2018-11-09", **HAROUN | {"place_name": "Tall Harun"}),
    ]
    articles = [article("a", "2018-11-10", publisher="Daily"), article("b", "2018-11-11", publisher="Weekly")]
    (incident,), _ = resolve(tmp_path, articles, rows)
    assert incident["article_ids"] == ["a", "b"]
    assert (incident["n_articles"], incident["n_sources"], incident["verification"]) == (2, 2, "multi_source")
    assert incident["confidence"] > 0.7
    assert incident["first_published_on"] == dt.date(2018, 11, 10)
    assert "same day" in incident["merge_reason"]
    assert "rushd" in incident["merge_reason"]


def test_strikes_on_one_town_days_apart_stay_two(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention("b", LATER_STRIKE, killed=(6, 6), date="2018-11-12", **HAROUN),
    ]
    _, found = resolve(tmp_path, [article("a", "2018-11-10"), article("b", "2018-11-12")], rows)
    assert not same_incident(found, *rows)


def test_same_number_and_day_in_two_towns_stays_two(tmp_path):
    far = {"place_name": "Wadi Salim", "at": (36.2, 37.1), "country_code": "SY", "admin1": "Aleppo"}
    rows = [
        mention(
            "a",
            "An air strike killed ten people in Tell Haroun on Friday.",
            killed=(10, 10),
            date="2018-11-09",
            **HAROUN,
        ),
        mention(
            "b", "An air strike killed ten people in Wadi Salim on Friday.", killed=(10, 10), date="2018-11-09", **far
        ),
    ]
    _, found = resolve(tmp_path, [article("a"), article("b")], rows)
    assert not same_incident(found, *rows)


def test_a_name_found_in_two_countries_may_be_one_town_found_twice(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention(
            "b",
            STRIKE_ELSEWHERE,
            killed=(26, 26),
            date="2018-11-09",
            place_name="Tell Haroun",
            at=(33.0, 44.0),
            country_code="IQ",
        ),
    ]
    _, found = resolve(tmp_path, [article("a", "2018-11-10"), article("b", "2018-11-10")], rows)
    assert same_incident(found, *rows)


def test_articles_on_the_same_people_are_on_the_same_killing_however_its_place_is_read(tmp_path):
    text = "{} Yusra Kanaan Halabi, a midwife, was shot dead at the Bab Tuma pharmacy, her cousin Farid Mansour Halabi said."
    rows = [
        mention("a", "A midwife was shot dead on Friday.", killed=(1, 1), date="2018-11-09", place_name="Bab Tuma"),
        mention("b", "A masked man shot a midwife dead in the old city.", killed=(1, 1), place_name="Old City"),
        mention("c", "A gunman killed a teacher at a bakery.", killed=(1, 1), place_name="Qasr"),
    ]
    other = "Rami Saad Khoury, a teacher, was shot dead near the Nour bakery, his brother Elias Saad Khoury said."
    articles = [
        article("a", "2018-11-10", text=text.format("Police confirmed a killing.")),
        article("b", "2018-11-11", text=text.format("The family mourns.")),
        article("c", "2018-11-11", text=other),
    ]
    _, found = resolve(tmp_path, articles, rows)
    assert same_incident(found, rows[0], rows[1])
    assert not same_incident(found, rows[0], rows[2])


def test_what_two_articles_lead_with_is_joined_before_their_asides(tmp_path):
    rows = [
        mention(
            "a", "A strike killed two people in Tell Haroun on Friday.", 0, killed=(2, 2), date="2018-11-09", **HAROUN
        ),
        mention("b", "A strike killed people in the town on Friday.", 0, date="2018-11-09", **HAROUN),
        mention("b", "Two people died on Friday.", 1, killed=(2, 2), date="2018-11-09", **HAROUN),
    ]
    _, found = resolve(tmp_path, [article("a", "2018-11-10"), article("b", "2018-11-10")], rows)
    assert same_incident(found, rows[0], rows[1])


def test_neighbouring_names_make_phrases_across_middle_names():
    story = Story.of("The judge heard Larissa Jane Okoro.\nPolice said nothing of 4000 Law Street.")
    assert {"larissa jane", "larissa okoro", "jane okoro"} <= set(story.phrases)
    assert "okoro police" not in story.phrases
    assert "okoro" in story
    assert "judge" not in story


def test_a_vague_third_report_does_not_chain_two_strikes(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention("b", LATER_STRIKE, killed=(6, 6), date="2018-11-12", **HAROUN),
        mention(
            "c", "Air strikes on Tell Haroun killed people this week, medics at the Ibn Rushd clinic said.", **HAROUN
        ),
    ]
    articles = [article("a", "2018-11-10"), article("b", "2018-11-12"), article("c", "2018-11-12")]
    _, found = resolve(tmp_path, articles, rows)
    assert not same_incident(found, rows[0], rows[1])


def test_articles_that_tell_the_same_two_strikes_give_two_incidents(tmp_path):
    rows = [
        mention(doc, text, n, killed=(k, k), date=day, **HAROUN)
        for doc in ("a", "b", "c")
        for n, (text, k, day) in enumerate([(STRIKE, 26, "2018-11-09"), (LATER_STRIKE, 6, "2018-11-12")])
    ]
    incidents, _ = resolve(tmp_path, [article(doc, "2018-11-13") for doc in "abc"], rows)
    assert sorted(row["n_articles"] for row in incidents) == [3, 3]


def test_copies_of_one_story_count_as_one_source(tmp_path):
    names = [f"copy{n}" for n in range(5)]
    rows = [
        mention(doc, text, n, killed=(k, k), date="2018-11-09", **HAROUN)
        for doc in ("original", *names)
        for n, (text, k) in enumerate([(STRIKE, 26), (MOSQUE, 14)])
    ]
    articles = [article("original", publisher="Agency")]
    articles += [article(n, publisher=n, duplicate_of="original", duplicate_similarity=0.97) for n in names]
    incidents, found = resolve(tmp_path, articles, rows)
    assert len(incidents) == 2
    for incident in incidents:
        assert (incident["n_articles"], incident["n_sources"]) == (6, 1)
        assert incident["verification"] == "unattributed"
        assert "5 copies of the same story" in incident["merge_reason"]
    assert same_incident(found, *[row for row in rows if row["ordinal"] == 0])


def test_a_copy_of_a_copy_leads_to_the_original():
    assert root_of("c", {"c": "b", "b": "a", "a": None}) == "a"
    assert root_of("a", {"a": "b", "b": "a"}) == "b"


def test_incident_ids_stay_when_a_later_report_arrives(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention("b", STRIKE_ELSEWHERE, killed=(28, 28), date="2018-11-09", **HAROUN),
    ]
    articles = [article("a", "2018-11-10"), article("b", "2018-11-12")]
    (before,), _ = resolve(tmp_path / "before", articles[:1], rows[:1])
    (after,), _ = resolve(tmp_path / "after", articles, rows)
    assert before["incident_id"] == after["incident_id"]


def test_figures_that_differ_are_spanned_and_listed(tmp_path):
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", reported_by=["Ibn Rushd clinic"], **HAROUN),
        mention("b", STRIKE_ELSEWHERE, killed=(24, 24), date="2018-11-09", reported_by=["Civil defence"], **HAROUN),
    ]
    (incident,), _ = resolve(tmp_path, [article("a", "2018-11-10"), article("b", "2018-11-10")], rows)
    assert (incident["killed_min"], incident["killed_max"]) == (24, 26)
    assert [(c["column"], c["value"], c["reported_by"]) for c in incident["conflicts"]] == [
        ("killed", "26", "Ibn Rushd clinic"),
        ("killed", "24", "Civil defence"),
    ]
    assert "count_conflict" in incident["flags"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([((12, 12), 1, False), ((14, 14), 2, False)], (12, 14)),
        ([((12, 12), 1, False), ((14, 14), 2, True)], (14, 14)),
        ([((12, 12), 1, False), ((14, 14), 2, True), ((15, 15), 3, False)], (14, 15)),
        ([((24, None), 1, False), ((26, 26), 2, False)], (26, 26)),
        ([((30, None), 1, False), ((26, 26), 2, False)], (26, None)),
        ([((None, 7), 1, False), ((5, 5), 1, False)], (5, 5)),
        ([((2, None), 1, False), ((3, None), 1, False)], (2, None)),
        ([((None, None), 1, False), ((0, 0), 1, False)], (0, 0)),
        ([((None, None), 1, True), ((4, 4), 1, False)], (4, 4)),
        ([], (None, None)),
    ],
)
def test_counts_of_several_reports(said, expected):
    days = [Said(bounds, dt.date(2018, 11, day), updates) for bounds, day, updates in said]
    assert combine_counts(days) == expected


def test_reports_that_say_they_update():
    assert says_update("The death\ntoll rose to 12 on Tuesday.")
    assert not says_update("Twelve people died.")


@pytest.mark.parametrize(
    ("first", "second"), [("Al-Bukamal", "Bukamal"), ("Méntama", "mentama"), ("the town of Inkhil", "Inkhil")]
)
def test_spellings_of_one_name(first, second):
    assert fold_name(first) == fold_name(second)


def test_a_name_of_affixes_alone_stays_itself():
    assert fold_name("Al-Ash") == ("al", "ash")
    assert fold_name("") == fold_name(None) == ()


def synthetic_corpus(seed, size=60):
    """Strikes told by one to four articles each, with noise in figures and words."""
    rng = random.Random(seed)
    towns = [
        (f"Tell {name}", (34 + rng.random() * 3, 37 + rng.random() * 4))
        for name in ("Ahmar", "Barud", "Dalil", "Fawar")
    ]
    accounts, truth = [], {}
    for n in range(size):
        town, at = rng.choice(towns)
        day = dt.date(2018, 1, 1) + dt.timedelta(days=rng.randrange(300))
        killed = rng.randint(1, 40)
        witness = f"Witness{rng.randrange(10**6)} Nahar{rng.randrange(10**6)}"
        for k in range(rng.randint(1, 4)):
            text = f"Warplanes struck {town}, killing {killed} people, {witness} said."
            values = {
                "killed": (killed, killed),
                "date": day.isoformat(),
                "place_name": town,
                "at": at,
                "country_code": "SY",
            }
            name = f"art{n:03d}-{k}"
            row = mention(name, text, **values)
            accounts.append(account_of(row, article(name, (day + dt.timedelta(days=k)).isoformat()), name))
            truth[row["mention_id"]] = n
    return accounts, truth


def group_accounts(accounts: list[Account]) -> list[Group]:
    """The groups of accounts that are all in memory."""
    singles, copies = set_copies_aside(accounts)
    by_period: dict[int, list[Account]] = {}
    for account in singles:
        by_period.setdefault(period_of(account), []).append(account)
    periods = Periods(by_period, by_period.__getitem__)
    period_by_mention = {a.mention_id: period for period, members in by_period.items() for a in members}
    digests = {period: hash_of(sorted(map(digest_of, members))) for period, members in by_period.items()}
    members = {a.mention_id: Member.of(a) for a in singles}
    return group_periods(periods, members, period_by_mention, digests, copies, NoCache())


def test_groups_do_not_depend_on_the_order_of_reports():
    accounts, _ = synthetic_corpus(1)
    expected = group_accounts(accounts)
    for seed in range(3):
        shuffled = random.Random(seed).sample(accounts, len(accounts))
        assert group_accounts(shuffled) == expected


def test_reports_of_many_strikes_find_together():
    accounts, truth = synthetic_corpus(2)
    found = {a.mention_id: n for n, group in enumerate(group_accounts(accounts)) for a in group.accounts}
    pairs = [(found[x] == found[y], truth[x] == truth[y]) for x, y in combinations(sorted(truth), 2)]
    right = sum(ours and real for ours, real in pairs)
    assert right / sum(real for _, real in pairs) > 0.95
    assert right / sum(ours for ours, _ in pairs) > 0.98


def test_no_mentions_give_an_empty_table(tmp_path):
    incidents, _ = resolve(tmp_path, [article("a")], [])
    assert incidents == []


def test_resolving_again_gives_the_same_bytes(tmp_path):
    rows = [mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN)]
    resolve(tmp_path, [article("a")], rows)
    files = sorted(tmp_path.rglob("*.parquet"))
    before = [path.read_bytes() for path in files]
    resolve_incidents(tmp_path, run_id="again")
    assert [path.read_bytes() for path in sorted(tmp_path.rglob("*.parquet"))] == before


@pytest.mark.skipif(not GOLD.is_dir(), reason="the shared gold annotations are not on this machine")
def test_no_two_required_incidents_of_a_coded_article_are_joined(tmp_path):
    docs = [json.loads(line) for line in (GOLD / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:60]]
    articles, rows = [], []
    for doc in docs:
        articles.append(article(doc["doc_id"], doc["published_on"]))
        for n, gold in enumerate(g for g in doc["incidents"] if not g["optional"]):
            rows.append(mention(doc["doc_id"], gold["sentences"], n, **coded(gold)))
    incidents, found = resolve(tmp_path, articles, rows)
    assert len(set(found.values())) == len(incidents)
    for a, b in combinations(rows, 2):
        assert a["article_id"] != b["article_id"] or not same_incident(found, a, b)


def coded(gold):
    counts = {
        what: (gold[what]["min"], gold[what]["max"]) if gold[what] else (None, None) for what in ("killed", "injured")
    }
    return {
        **counts,
        "sub_event_type": gold["event_type"][0],
        "date": (gold["date"]["start"], gold["date"]["end"]) if gold["date"] else None,
        "place_name": gold["place"][0] if gold["place"] else None,
        "country_code": gold["country"],
        "perpetrator": gold["perpetrator"][0] if gold["perpetrator"] else None,
        "perpetrator_status": gold["perpetrator_status"],
        "victims": [v | {"text": None} for v in gold["victims"]],
        "reported_by": gold["reported_by"],
    }


def write_year(work, year, doc):
    """Two reports of one strike, in that year."""
    dated = {"killed": (26, 26), "date": f"{year}-11-09", **HAROUN}
    rows = [mention(f"{doc}1", STRIKE, **dated), mention(f"{doc}2", STRIKE_ELSEWHERE, **dated)]
    articles = [article(row["article_id"], f"{year}-11-10") for row in rows]
    write_part(work / "articles" / f"part-{doc}.parquet", TABLES["articles"], articles)
    write_part(work / "mentions" / f"part-{doc}.parquet", TABLES["mentions"], rows)


def test_news_of_this_year_leaves_what_was_joined_for_other_years_alone(tmp_path):
    store, kept = tmp_path / "store", {}
    for name, years in (("first", (2012, 2018)), ("second", (2012, 2018, 2024))):
        for year in years:
            write_year(tmp_path / name, year, f"y{year}")
        resolve_incidents(tmp_path / name, run_id="test", store=store, rules="r")
        kept[name] = {path.name: path.stat().st_mtime_ns for path in (store / "resolved/r").iterdir()}
    assert len(kept["first"]) == 2 * 3, "links, groups and incidents of two years"
    assert kept["second"].items() > kept["first"].items(), "as they were, and those of the new year"
    whole = tmp_path / "whole"
    shutil.copytree(tmp_path / "second", whole, ignore=shutil.ignore_patterns("incidents"))
    resolve_incidents(whole, run_id="test")
    assert read_table(whole, "incidents").equals(read_table(tmp_path / "second", "incidents"))
