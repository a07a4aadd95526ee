"""`parley persons`: who is known, and what users rule."""

import json
from contextlib import closing
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.archive import open_archive
from pipelines.cli.app import main
from pipelines.cli.persons import people
from schemas.base import Instant
from schemas.person import Ruling
from support.dossiers import NOON, dossier, introduction
from transforms.core.people.names import name_key


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/parley.db"
    archive = open_archive(url)
    key = name_key("Valek")
    told = [
        introduction("fellow", key=key),
        introduction("envoy", name="Ira Valek", key=key, at=9),
    ]
    archive.dossiers.store_dossier(dossier("a", introductions=told))
    archive.close()
    return url


@pytest.fixture
def parley(monkeypatch):
    def run(*words):
        monkeypatch.setattr("sys.argv", ["parley", "persons", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    return run


def test_people_are_listed_with_what_was_told(parley, url, capsys):
    assert parley("--archive", url) == 0
    shown = capsys.readouterr().out
    assert shown.index("Ira Valek") < shown.index("Irena Valek")
    assert "fellow  (The Harbour Herald)" in shown
    assert parley("list", "--name", "Nobody", "--archive", url) == 0
    assert "nobody was introduced yet" in capsys.readouterr().err


def test_people_are_listed_by_last_name(parley, url, capsys):
    names = ["Zoe Abel", "Lau Kin-fai", "Ada Ozren", "Tom Ümit", "Bo Oyen Jr."]
    with closing(open_archive(url)) as archive:
        told = [introduction("envoy", name=name, key=name_key(name)) for name in names]
        archive.dossiers.store_dossier(dossier("b", introductions=told))
    assert parley("--archive", url) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [line.partition(":")[0] for line in shown] == [
        "Zoe Abel", "Lau Kin-fai", "Bo Oyen Jr.", "Ada Ozren", "Tom Ümit", "Ira Valek",
        "Irena Valek",
    ]  # fmt: skip


def test_they_are_called_what_the_watches_take_them_for(parley, url, tmp_path, capsys):
    watches = {"river": "[{id: holub, name: Jan Holub, role: party}]", "harbour": "[]"}
    archive = open_archive(url)
    told = introduction("president of Varenia", name="Jan Holub", key=name_key("Holub"))
    archive.dossiers.store_dossier(dossier("b", introductions=[told]))
    for name, actors in watches.items():
        watch = tmp_path / f"{name}.yaml"
        topics = "topics: [{id: truce, name: Truce, phrases: [truce]}]"
        watch.write_text(f"version: 1\nid: {name}\ntitle: T\nactors: {actors}\n{topics}\n", "utf8")
        archive.runs.remember_watch_file(name, str(watch), "")
    archive.close()
    assert parley("list", "--name", "Holub", "--json", "--archive", url) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    (introduced,) = row["introductions"]
    assert row["name"] == "Jan Holub"
    assert introduced["role"] == "president of Varenia"
    assert introduced["category_by_watch"] == {"river": "party", "harbour": "official"}
    assert parley("--archive", url) == 0
    assert "Jan Holub: official in harbour, party in river\n" in capsys.readouterr().out


def test_names_are_merged_and_split_with_a_log(parley, url, capsys):
    assert parley("merge", "Irena Valek", "Ira Valek", "--archive", url) == 0
    assert parley("list", "--archive", url) == 0
    merged = capsys.readouterr().out
    assert "also Ira Valek" in merged
    assert "Irena Valek and Ira Valek are one" in merged
    assert parley("split", "Ira Valek", "Irena Valek", "--archive", url) == 0
    assert parley("list", "--archive", url) == 0
    assert "also" not in capsys.readouterr().out


NAMES = [
    f"{first} {last}" for last in ("Valek", "Holub", "Prokop", "Sykora") for first in ("Ira", "Jan")
]


@given(
    rulings=st.lists(
        st.tuples(
            st.sampled_from(["same", "apart"]), st.sampled_from(NAMES), st.sampled_from(NAMES)
        ).filter(lambda ruling: ruling[1] != ruling[2]),
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_was_merged_and_split_each_is_one_person_in_every_list(rulings):
    told = [introduction("envoy", name=name, key=name_key(name)) for name in NAMES]
    with (
        TemporaryDirectory() as folder,
        closing(open_archive(f"sqlite:///{folder}/a.db")) as archive,
    ):
        archive.dossiers.store_dossier(dossier("a", introductions=told))
        for number, (kind, one, other) in enumerate(rulings):
            at = NOON + number
            ruling = Ruling(f"{number:032}", kind, one, at, other)
            archive.persons.decide(ruling, name_key(one), name_key(other))
        listed = [person.names for person in people(archive, None)]
        assert sorted(name for names in listed for name in names) == sorted(NAMES)
        for name in NAMES:
            shown = [person.names for person in people(archive, name.split()[1])]
            assert [names for names in shown if name in names] == [n for n in listed if name in n]
            assert all(any(n.endswith(name.split()[1]) for n in names) for names in shown)
        _, kind, *pair = (None, *rulings[-1]) if rulings else (None, "", "", "")
        if kind == "same":
            assert any(set(pair) <= set(names) for names in listed)


def test_a_bare_last_name_cannot_be_merged(parley, url, capsys):
    assert parley("merge", "Valek", "Ira Valek", "--archive", url) == 2
    assert "'Valek' is no full name; give first and last name" in capsys.readouterr().err


def test_what_a_user_ruled_is_shown(parley, url, capsys):
    archive = open_archive(url)
    ruling = Ruling("r1", "category", "Irena Valek", Instant.now(), "", "citizen", "parley wrong")
    archive.persons.decide(ruling, name_key(ruling.name))
    archive.close()
    assert parley("--archive", url) == 0
    assert "ruled: citizen" in capsys.readouterr().out


def test_what_was_ruled_is_said_and_a_stranger_is_named(parley, url, capsys):
    assert parley("merge", "Irena Valek", "Irene Valek", "--archive", url) == 0
    said = capsys.readouterr()
    assert said.out == "Irena Valek and Irene Valek are one from now on\n"
    assert said.err.startswith("Irene Valek: no article in this archive has introduced them")
