"""The OpenAPI document: made of what is there, and kept by every answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from scraper.web.api.endpoints import ENDPOINTS

EXAMPLES = 6
"""For each operation: what it refuses is what counts here, not how often."""
UNFORESEEN = {"cursor", "since", "until", "region", "source"}
"""No schema says which of their values are a day, a place, a source of the archive or a cursor that was given: these
may be refused."""


@pytest.fixture(scope="module")
def schema(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


# The server under test draws from `random` in a thread beside; Hypothesis blames the strategy.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", [each.path for each in ENDPOINTS])
def test_every_answer_is_as_described(schema: Any, path: str, mode: GenerationMode) -> None:
    operation = schema[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        said = UNFORESEEN & set(case.query or ())
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if said else [])

    ask()


def test_every_endpoint_and_every_key_says_what_it_means(address: str) -> None:
    told = httpx.get(f"{address}/api/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {each.path for each in ENDPOINTS}
    silent = [
        (name, key)
        for name, part in told["components"]["schemas"].items()
        if name not in {"Image", "Attachment", "Document"}
        for key, value in part["properties"].items()
        if not value.get("description")
    ]
    assert silent == []
    parameters = [
        (path, each["name"])
        for path, told_of in told["paths"].items()
        for each in told_of["get"]["parameters"]
        if not each["description"]
    ]
    assert parameters == []


def test_a_comment_of_the_archive_is_what_the_document_says(address: str) -> None:
    schemas = httpx.get(f"{address}/api/v1/openapi.json").json()["components"]["schemas"]
    record = schemas["Record"]["properties"]
    assert record["source"]["description"] == "Publisher the page names (来源)."
    assert record["listed_on"] == schemas["Release"]["properties"]["listed_on"]
