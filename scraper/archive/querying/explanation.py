"""Why a publication is in its release, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scraper.archive.querying.reading import Member, ReleaseRecord, SharedFile


def explain(record: ReleaseRecord) -> Iterator[str]:
    """One line for each step of deduplication that made this release what it is."""
    canonical, *others = record.members
    yield f"release {record.release_id}: {record.reading.release.title}"
    yield f"canonical: publication {canonical.publication_id}, {canonical.url}"
    yield f"  {_why_canonical(canonical, others)}"
    for member in record.members:
        yield f"publication {member.publication_id}, {member.publisher}, {member.url}"
        yield f"  (a) address: one publication for this normal URL, first seen {member.first_seen_at:%Y-%m-%d %H:%M}"
        yield f"  {_why_member(member)}"
        yield f"  (d) its texts were brought by: {_ways(member)}"
    for near in record.neighbours:
        yield f"{near.kind} release {near.other_id}: {near.title or '(erased)'}"
        yield f"  not the same story: {near.evidence.get('why', 'no reason stored')}; {_figures(near.evidence)}"
    for file in record.shared:
        yield f"file {file.digest[:16]}, {file.url}: {file.releases} other releases have it, {_some(file)}"
        yield "  joins nothing: only a main file with the same headline does, where neither page has a text"


def _some(file: SharedFile) -> str:
    shown = ", ".join(map(str, file.others))
    return f"{shown} …" if file.releases > len(file.others) else shown


def _ways(member: Member) -> str:
    return ", ".join(f"{way} ({texts})" for way, texts in sorted(member.texts.items()))


def _why_canonical(canonical: Member, others: list[Member]) -> str:
    if not others:
        return "the only publication"
    second = others[0]
    if canonical.ranked_at < second.ranked_at:
        return f"the earliest: {_time(canonical)}, before {_time(second)} of publication {second.publication_id}"
    if canonical.own_story and not second.own_story:
        return (
            f"as early as publication {second.publication_id} ({_time(canonical)}), and the source it "
            f"names is its own publisher, while that one names {second.named_source}"
        )
    return f"as early as publication {second.publication_id} ({_time(canonical)}), and seen first"


def _time(member: Member) -> str:
    if member.published_at is None:
        return f"no stated time, first seen {member.first_seen_at:%Y-%m-%d %H:%M}"
    if member.published_precision == "day":
        return f"{member.published_at:%Y-%m-%d}, some time of that day"
    return f"{member.published_at:%Y-%m-%d %H:%M}"


def _why_member(member: Member) -> str:
    if member.joined_by == "digest":
        return f"(b) text: the same as publication {member.joined_to}'s, once script, width and punctuation are folded"
    if member.joined_by == "near":
        return (
            f"(c) near-duplicate of publication {member.joined_to}: "
            f"{member.evidence.get('why', '')}; {_figures(member.evidence)}"
        )
    if member.joined_by == "file":
        return (
            f"(e) file: no text of its own; the same headline and the same main file "
            f"{str(member.evidence.get('file', ''))[:16]} as publication {member.joined_to}"
        )
    return "(b), (c) text: no earlier publication had this or a near text, so it began a release"


def _figures(evidence: dict[str, Any]) -> str:
    names = {
        "cover": "cover of the longer text",
        "cover_shorter": "of the shorter",
        "substituted": "changed in place",
        "numbers_changed": "numbers exchanged",
        "names_changed": "names exchanged",
        "titles": "likeness of headlines",
        "shared_keys": "keys shared",
        "fingerprint_version": "fingerprint version",
    }
    return ", ".join(f"{text} {evidence[key]}" for key, text in names.items() if key in evidence)
