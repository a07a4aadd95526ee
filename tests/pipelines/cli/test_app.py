"""The command line: what goes in, what comes out where, and the exit codes."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from connectors.archive import open_archive
from pipelines.cli.app import COMMANDS
from pipelines.services.explain import Reader

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "pipelines" / "sample"
SCHEMA = json.loads((ROOT / "schemas" / "alert.schema.json").read_text(encoding="utf8"))
TEXT = (
    "Talks on a ceasefire between Russia and Ukraine went on in Geneva on Monday.\n"
    "“Moscow will not sign a ceasefire before the autumn,” said Mirja Oskarsen, a senior fellow "
    "at the Fjord Institute for International Affairs, a think tank."
)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The sample newsroom, read once: the folder with its archive and files."""
    import os

    folder = tmp_path_factory.mktemp("sample")
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli.app import main; main()", "run", "sample",
         "--recorded", "sample", "--archive", "sqlite:///sample.db", "--out", "alerts.jsonl"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )  # fmt: skip
    return folder, done


def test_a_run_prints_alerts_on_standard_output_and_the_summary_on_standard_error(read):
    folder, done = read
    assert done.returncode == 0, done.stderr
    assert "runner FnApiRunner" in done.stderr
    events = lines((folder / "alerts.jsonl").read_text(encoding="utf8"))
    assert events
    for event in events:
        jsonschema.validate(event, SCHEMA)
        assert event["data"]["speaker"]["name"] in done.stdout
        assert event["data"]["article"]["url"] not in done.stderr
    assert (folder / "alerts.xml").exists()


def test_the_summary_tells_how_many_statements_were_held(read, parley):
    folder, done = read
    shown = parley("alerts", "--held", "--json", "--archive", f"sqlite:///{folder}/sample.db").out
    hint = "`parley alerts --held --archive sqlite:///sample.db`"
    assert f" sent; {len(lines(shown))} held: {hint}\n" in done.stderr
    assert re.search(r"^\d+ statements by experts: \d+ alerted on, \d+ not$", done.stderr, re.M)
    assert f"{len(lines(shown))} held; e.g. {lines(shown)[0]['speaker']}: “" in done.stderr
    assert len(lines(shown)) > 0
    text = (SAMPLE / "sample.yaml").read_text("utf8").replace("max_age: all", "max_age: 7d")
    Path("watch.yaml").write_text(text, encoding="utf8")
    run = ("run", "watch.yaml", "--recorded", "sample", "--max-age", "all")
    assert f" sent; {len(lines(shown))} held: " in parley(*run).err
    assert " held" not in parley(*run).err  # of this run
    old = parley("alerts", "--held")  # whatever its age
    assert old.out.count("  Old      published ") == len(lines(shown))
    assert old.err.startswith(f"{len(lines(shown))} held; e.g. `parley release ")


def test_the_readme_shows_an_alert_as_it_is_printed(read):
    shown = (ROOT / "README.md").read_text("utf8").split("## An alert")[1].split("```")[1]
    _, done = read
    printed = " ".join(done.stdout.split())
    assert " ".join(shown.split()) in printed


def test_an_alert_is_shown_in_full_by_its_id(read, parley):
    archive = f"sqlite:///{read[0]}/sample.db"
    shown = parley("alerts", "571dd2c7", "--full", "--archive", archive).out
    assert shown.count("\n  Alert    ") == 1
    assert "\n  Around   " in shown
    brief = parley("alerts", "571dd2c7", "--archive", archive).out
    assert brief.startswith("Walter Pryce: ")
    assert "Around" not in brief
    unknown = parley("alerts", "none", "--archive", archive)
    assert unknown.status == 2
    assert "no alert here begins with 'none'; `parley alerts` lists them" in unknown.err


def test_a_second_run_reads_nothing_and_alerts_nothing(read, parley):
    folder, _ = read
    again = parley(
        "run", "sample", "--recorded", "sample", "--archive", f"sqlite:///{folder}/sample.db",
        "--out", "again.jsonl",
    )  # fmt: skip
    assert again.status == 0
    assert again.out == ""
    assert Path("again.jsonl").read_text(encoding="utf8") == ""
    assert "0 entries due, 0 pages fetched" in again.err
    assert "0 alerts raised" in again.err
    assert "no statements: there was no new article to read" in again.err


@pytest.mark.parametrize("command", ["alerts", "statements", "feeds", "dead-letters"])
def test_what_an_archive_holds_can_be_listed_for_people_and_programs(read, parley, command):
    archive = ("--archive", f"sqlite:///{read[0]}/sample.db")
    for_people = parley(command, *archive)
    assert for_people.status == 0
    assert len(for_people.out.splitlines()) >= 1
    flag = "--jsonl" if command == "statements" else "--json"
    rows = lines(parley(command, *archive, flag).out)
    assert rows
    if command == "alerts":
        jsonschema.validate(rows[0], SCHEMA)
    if command == "dead-letters":
        assert [row["reason"] for row in rows] == ["gone"]


def test_dead_letters_can_be_made_due_again(read, parley):
    archive = ("--archive", f"sqlite:///{read[0]}/sample.db")
    assert parley("dead-letters", "retry", *archive).out.startswith("1 due again")
    assert parley("dead-letters", *archive, "--json").out == ""
    run = parley("run", "sample", "--recorded", "sample", *archive)
    assert "1 entry due" in run.err
    assert len(lines(parley("dead-letters", *archive, "--json").out)) == 1


def test_looking_at_an_archive_that_is_not_there_makes_none(parley, tmp_path):
    done = parley("alerts", "--archive", "sqlite:///nowhere.db")
    assert done.status == 2
    assert "nowhere.db: no archive there; make one with `parley run`" in done.err
    assert list(tmp_path.iterdir()) == []


def test_articles_can_be_given_instead_of_feeds(parley):
    rows = [{"url": f"https://herald.example/{n}", "title": "Talks", "text": TEXT} for n in "ab"]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf8")
    done = parley(
        "run", "sample", "--input", "in.jsonl", "--archive", "sqlite:///x.db", "--out", "-"
    )
    events = lines(done.out)
    assert [event["data"]["speaker"]["name"] for event in events] == ["Mirja Oskarsen"]
    assert events[0]["data"]["article"]["url"] == "https://herald.example/a"


def test_a_retracted_article_takes_its_alert_back_and_a_restored_one_tells_it_again(parley):
    versions = [TEXT, "The editors have taken this report from the site.", TEXT, TEXT]
    told = []
    for text in versions:
        row = {"url": "https://herald.example/a", "title": "A report", "text": text}
        Path("in.jsonl").write_text(json.dumps(row), encoding="utf8")
        done = parley(
            "run", "sample", "--input", "in.jsonl", "--archive", "sqlite:///x.db", "--out", "-"
        )
        told.append(lines(done.out))
    (first,), (back,), (again,), nothing = told
    assert nothing == []
    assert [event["type"].rpartition(".")[2] for event in (first, back, again)] == [
        "new",
        "withdrawn",
        "updated",
    ]
    assert back["data"]["follows"] == first["id"]
    assert len({event["id"] for event in (first, back, again)}) == 3


def test_annotate_writes_one_object_a_line_with_spans_that_give_the_words(parley):
    Path("in.jsonl").write_text(json.dumps({"doc_id": "d1", "text": TEXT}), encoding="utf8")
    assert parley("annotate", "in.jsonl", "out.jsonl").status == 0
    (row,) = lines(Path("out.jsonl").read_text(encoding="utf8"))
    assert row["doc_id"] == "d1"
    (statement,) = row["statements"]
    start, end = statement["content"][0]
    assert TEXT[start:end].startswith("Moscow will not sign")
    assert statement["speaker"] == "Mirja Oskarsen"
    assert statement["category"] == "expert"
    assert statement["alertworthy"]


def test_annotate_survives_a_document_that_cannot_be_read(parley, monkeypatch):
    texts = [{"doc_id": name, "text": TEXT} for name in ("d1", "bad", "d2")]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf8")
    read = Reader.read_document

    def fail_on_bad(reader, document, fields):
        if document.doc_id == "bad":
            raise RecursionError("too deep")
        return read(reader, document, fields)

    monkeypatch.setattr(Reader, "read_document", fail_on_bad)
    done = parley("annotate", "in.jsonl", "out.jsonl")
    assert "1 could not be annotated" in done.err
    rows = lines(Path("out.jsonl").read_text(encoding="utf8"))
    assert [row["doc_id"] for row in rows] == ["d1", "bad", "d2"]
    assert rows[1]["error"] == "RecursionError: too deep"
    assert rows[0]["statements"] == rows[2]["statements"] != []


def test_annotate_takes_what_run_takes_and_names_it(parley):
    paragraphs = "".join(f"<p>Round {n}. {TEXT}</p>" for n in range(4))
    html = f"<html><title>Terms</title><body><article>{paragraphs}</article></body>"
    given = [
        {"doc_id": "d1", "text": TEXT, "published_at": "whenever", "url": "no address"},
        {"url": "https://wire.example/a", "title": "Terms", "text": TEXT},
        {"text": TEXT, "author": None, "more": [1]},
        {"doc_id": "d4", "html": html},
        {"doc_id": "d5", "html": "<p>"},
    ]
    Path("in.jsonl").write_text("\n\n".join(map(json.dumps, given)), encoding="utf8")
    done = parley("annotate", "in.jsonl", "out.jsonl", "--fields", "-matches,-tags")
    assert (done.status, "annotated 4 texts" in done.err) == (0, True)
    rows = lines(Path("out.jsonl").read_text(encoding="utf8"))
    assert [row["doc_id"] for row in rows] == ["d1", "https://wire.example/a", "5", "d4", "d5"]
    assert [{s["speaker"] for s in row.get("statements", ())} for row in rows] == [
        *[{"Mirja Oskarsen"}] * 4,
        set(),
    ]
    assert not {"matches", "tags"} & {*rows[0], *rows[0]["statements"][0]}
    assert rows[4]["error"].startswith("ExtractionError")


def test_annotate_knows_an_author_by_what_the_line_says_of_them(parley):
    argument = (
        "The talks will fail while the straits stay shut. No truce outlives a blockade, and "
        "negotiators know it. Three rounds of negotiations ended over tolls, and none came back. "
    )
    text = f"{argument * 3}\n\nMirja Oskarsen is a senior fellow at the Tidal Institute."
    given = {"text": text, "title": "Why the peace talks will fail"}
    bylined = given | {"author": "Mirja Oskarsen", "publisher": "Harbour Wire"}
    Path("in.jsonl").write_text("\n".join(map(json.dumps, (given, bylined))), encoding="utf8")
    assert parley("annotate", "in.jsonl", "out.jsonl").status == 0
    rows = lines(Path("out.jsonl").read_text(encoding="utf8"))
    unsigned, signed = ([s for s in row["statements"] if s["form"] == "authored"] for row in rows)
    assert [(s["speaker"], s["confidence"]) for s in signed] == [("Mirja Oskarsen", 0.95)]
    assert all(s["confidence"] < 0.95 for s in unsigned)


def test_annotate_refuses_a_line_nested_without_end(parley):
    Path("in.jsonl").write_text("[" * 100_000, encoding="utf8")
    assert parley("annotate", "in.jsonl", "out.jsonl").status == 2


def test_annotate_writes_to_a_device_and_leaves_it_one(parley):
    Path("in.jsonl").write_text(json.dumps({"doc_id": "d1", "text": TEXT}), encoding="utf8")
    assert parley("annotate", "in.jsonl", os.devnull).status == 0
    assert not Path(os.devnull).is_file()


def test_explain_says_why_it_would_alert(parley):
    Path("page.txt").write_text(TEXT, encoding="utf8")
    shown = parley("explain", "page.txt", "--watch", "ukraine-peace-talks")
    assert "Mirja Oskarsen" in shown.out
    (row,) = lines(parley("explain", "page.txt", "--json").out)
    assert row["article"]["text"] == TEXT
    assert row["statements"][0]["matches"][0]["reasons"]


def test_what_the_template_says_of_those_who_are_not_named_holds(parley):
    template = (SAMPLE / "template.yaml").read_text("utf8").replace("named: true ", "named: false")
    Path("page.txt").write_text(
        "Northland and Southland hold peace talks.\n\n"
        "Analysts say that the truce will not hold.\n\n"
        "“The truce will fail within a week,” an analyst said on Monday.",
        encoding="utf8",
    )

    def told(min_confidence):
        text = template.replace("min_confidence: 0.8", f"min_confidence: {min_confidence}")
        Path("watch.yaml").write_text(text, encoding="utf8")
        (row,) = lines(parley("explain", "page.txt", "--watch", "watch.yaml", "--json").out)
        matches = {s["speaker"]: s["matches"][0] for s in row["statements"]}
        assert all(match["alertworthy"] for match in matches.values())
        return {
            name
            for name, match in matches.items()
            if "held_low_confidence" not in [reason["code"] for reason in match["reasons"]]
        }

    assert told("0.8") == {"an analyst"}
    assert told("0.7") == {"an analyst", "Analysts"}


WRONG = {
    "no such watch": (["run", "ukraine-peace-talk"], "did you mean 'ukraine-peace-talks'"),
    "no watch of its own": (["check", "any-negotiation"], "has neither file nor feeds"),
    "no watch to name": (["explain", "bad.jsonl", "--watch", "any-negotiation"], "leave it out"),
    "no such file": (["run", "nowhere.yaml"], "nowhere.yaml: no such file"),
    "bad runner": (["run", "sample", "--runner", "Spark"], "--runner: 'Spark'"),
    "bad age": (["run", "sample", "--max-age", "7x"], "--max-age"),
    "bad input": (["run", "sample", "--input", "nowhere"], "--input: 'nowhere'"),
    "bad host": (["run", "sample", "--allow-host", "http://x"], "--allow-host: 'http://x'"),
    "bad archive": (["run", "sample", "--archive", "mongo://x"], "mongo://x"),
    "bad model": (["run", "sample", "--model", "xx_none"], "xx_none"),
    "bad time": (["alerts", "--since", "yesterday"], "--since: 'yesterday'"),
    "bad line": (["annotate", "bad.jsonl", "out.jsonl"], "bad.jsonl:2"),
    "nowhere to write": (["annotate", "bad.jsonl", "no/out.jsonl"], "no/out.jsonl"),
    "nothing to read": (
        ["run", "none.yaml"],
        "none.yaml: no feeds; name some in the watch, or give --feeds or --input",
    ),
    "nothing to follow": (
        ["follow", "none.yaml"],
        "none.yaml: no feeds; name some in the watch, or give --feeds or --source",
    ),
    "nothing to poll": (
        ["poll", "none.yaml", "--sink", "pubsub:projects/desk/topics/entries"],
        "none.yaml: no feeds; name some in the watch, or give --feeds",
    ),
    "nowhere to write alerts": (
        ["run", "sample", "--recorded", "sample", "--out", "no/out.jsonl"],
        "--out: there is no folder no; make it first: mkdir -p no",
    ),
    "unknown option": (["run", "sample", "--colour"], "--colour"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_ends_with_2_and_says_what_to_do(parley, case):
    Path("bad.jsonl").write_text('{"doc_id": "a", "text": "b"}\n{"doc_id": 1}\n', encoding="utf8")
    watch = "{version: 1, id: w, title: W, topics: [{id: t, name: T, phrases: [t]}]}"
    Path("none.yaml").write_text(watch, encoding="utf8")
    arguments, message = WRONG[case]
    if case == "bad time":
        Path("parley.db").touch()
    done = parley(*arguments)
    assert done.status == 2, done
    assert message in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_check_tells_what_a_watch_holds(parley):
    done = parley("check", "ukraine-peace-talks", "sample")
    assert done.status == 0
    assert re.search(r"ukraine-peace-talks: right. \d+ actors", done.out)


def test_check_tells_what_a_file_of_subscriptions_holds(parley):
    people = "version: 1\nsubscriptions:\n  - {name: desk, to: 'jsonl:%s'}\n"
    Path("people.yaml").write_text(people % "desk.jsonl", encoding="utf8")
    check = ("check", "sample", "--subscriptions", "people.yaml")
    done = parley(*check)
    assert (done.status, done.out.splitlines()[1:]) == (0, ["people.yaml: right. 1 subscription"])
    Path("people.yaml").write_text(people % "there/desk.jsonl", encoding="utf8")
    done = parley(*check)
    assert done.status == 1
    assert "nothing can be sent to desk (jsonl): there is no folder there" in done.out
    Path("people.yaml").write_text(people.replace("to:", "too:"), encoding="utf8")
    done = parley(*check)
    assert done.status == 2
    assert "people.yaml:3: subscriptions" in done.err


def test_feeds_go_to_opml_and_back(parley):
    Path("feeds.opml").write_text(parley("feeds", "export", "sample").out, encoding="utf8")
    assert "courier.example" in parley("feeds", "import", "feeds.opml").out


@pytest.mark.slow
def test_beams_own_choice_of_runner_gives_the_same_alerts(read, parley):
    """DirectRunner takes Prism where it can be downloaded, else what runs in process."""
    folder, _ = read
    done = parley(
        "run", "sample", "--recorded", "sample", "--archive", "sqlite:///d.db",
        "--out", "alerts.jsonl", "--runner", "DirectRunner",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert "runner DirectRunner" in done.err
    found = [
        sorted(event["id"] for event in lines(path.read_text(encoding="utf8")))
        for path in (Path("alerts.jsonl"), folder / "alerts.jsonl")
    ]
    assert found[0] == found[1]


#: Runs command lines one after another in one process, then names the heavy libraries it loaded.
ONE_AFTER_ANOTHER = """
import sys
from pipelines.cli.app import main
for line in sys.argv[1:]:
    sys.argv = ["parley", *line.split()]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, line
print(sorted({"apache_beam", "spacy"} & set(sys.modules)))
"""


def heavy_after(*lines):
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, *lines], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_help_of_no_command_loads_beam_or_spacy():
    assert heavy_after("--help", *(f"{name} --help" for name in COMMANDS)) == "[]"


def test_commands_that_only_read_load_neither_beam_nor_spacy(tmp_path):
    archive = f"--archive sqlite:///{tmp_path}/desk.db"
    with contextlib.closing(open_archive(archive.split()[1])):
        looks = ("alerts", "alerts --held", "statements", "feeds", "persons", "dead-letters")
        assert heavy_after("check sample", *(f"{name} {archive}" for name in looks)) == "[]"


EMPTY_FEED = "<rss version='2.0'><channel><title>Quiet Harbour</title></channel></rss>"


def test_a_run_that_finds_nothing_new_loads_neither_beam_nor_spacy(tmp_path):
    (tmp_path / "quiet.xml").write_text(EMPTY_FEED, encoding="utf8")
    feed = "https://quiet.example/rss"
    answer = f"{{url: '{feed}', file: quiet.xml, content_type: text/xml}}"
    (tmp_path / "responses.yaml").write_text(f"responses: [{answer}]", encoding="utf8")
    (tmp_path / "feeds.txt").write_text(feed, encoding="utf8")
    line = (
        f"run sample --feeds {tmp_path}/feeds.txt --recorded {tmp_path} --no-deliver "
        f"--archive sqlite:///{tmp_path}/desk.db"
    )
    assert heavy_after(line, line) == "[]"
