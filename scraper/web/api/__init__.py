"""The archive for programs: JSON over HTTP under ``/api/v1``, described by an OpenAPI document of its own."""
