"""A scriptable feed world and an archive in memory, for tests of single stages."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from schemas.errors import FetchError
from schemas.page import Response
from schemas.person import NameRecord
from transforms.core.alerts.raising import told_by
from transforms.core.novelty.recall import StatementIndex


class FakeFetcher:
    """Answers from a table: bodies, or errors to raise. Counts what it was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def fetch(self, url, *, etag="", last_modified=""):
        self.asked.append((url, etag))
        answer = self.answers.get(url)
        if answer is None:
            raise FetchError("gone", url, "404 Not Found")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Response):
            return Response(answer.url, 304, b"") if etag and etag == answer.etag else answer
        return Response(url, 200, answer)

    def lane(self, url):
        """No lane: a table has no pace."""
        return ""

    def close(self):
        """Nothing to give back."""


class FakeStore:
    """The archive's Protocols over plain dictionaries.

    Stages copy their factories when a pipeline is built, so everything is kept by name in a
    table of the module: the store that a test looks at is the one that the stages used.
    """

    _stores: ClassVar[dict[str, FakeStore]] = {}

    def __init__(self):
        self.states, self.polls, self.seen = {}, [], {}
        self.dossiers, self.skips, self.letters, self.alerts = {}, [], [], {}
        self.statements = StatementIndex()
        self.records = {}
        self.unread = []

    @classmethod
    def open(cls, name):
        return cls._stores.setdefault(name, cls())

    def feed_states(self, urls):
        return {url: self.states[url] for url in urls if url in self.states}

    def known_entries(self, listed):
        return (
            {entry.id for entry in listed if entry.id in self.seen},
            {entry.canonical_url for entry in self.seen.values()},
        )

    def claim_due(self, feed_urls, at):
        return [entry for entry in self.unread if entry.feed_url in feed_urls]

    def record_poll(self, poll):
        self.polls.append(poll)
        self.states[poll.feed.url] = poll.state
        new = [entry for entry in poll.entries if entry.id not in self.seen]
        self.seen.update((entry.id, entry) for entry in new)
        return new

    def is_read(self, article_id, text_hash):
        known = self.dossiers.get(article_id)
        return known is not None and known.article.text_hash == text_hash

    def sharing(self, terms, since, until):
        return self.statements.sharing(terms, since, until)

    def recall(self, name_key, **asked):
        return self.statements.recall(name_key, **asked)

    def said_near(self, name_key, at, **asked):
        return self.statements.said_near(name_key, at, **asked)

    def name_record(self, name_key):
        return self.records.get(name_key, NameRecord(name_key))

    def annotation_of(self, article):
        return None

    def same_text(self, article):
        others = (r.article for r in self.dossiers.values() if r.article.id != article.id)
        return next((a.url for a in others if a.text_hash == article.text_hash), "")

    def occurrence_counts(self, statement_ids, *, but_article=""):
        return Counter(
            occurrence.verdict.statement_id
            for dossier in self.dossiers.values()
            if dossier.article.id != but_article
            for commentary in dossier.commentaries
            for occurrence in commentary.occurrences
        )

    def told(self, statement_ids):
        told = {}
        for dossier in self.dossiers.values():
            for id_, watches in told_by(dossier).items():
                told.setdefault(id_, set()).update(watches)
        return {id_: told[id_] for id_ in statement_ids if id_ in told}

    def alerts_on(self, article_id):
        return tuple(a for a in self.alerts.values() if a.article.id == article_id)

    def store_dossier(self, dossier):
        new = [alert for alert in dossier.alerts if alert.id not in self.alerts]
        self.dossiers[dossier.article.id] = dossier
        self.alerts.update((alert.id, alert) for alert in new)
        return new

    def store_skip(self, skip):
        self.skips.append(skip)

    def store_dead_letter(self, dead_letter):
        self.letters.append(dead_letter)

    def close(self):
        """Nothing to give back."""
