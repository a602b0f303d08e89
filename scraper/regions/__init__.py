"""Places of China by name: GB/T 2260 codes, resolved by context."""

from scraper.regions.resolve import regions_of

__all__ = ["regions_of"]
