"""CMS families: which marks in a page say what, family by family."""

from scraper.page.families.marks import FAMILIES, Family

__all__ = ["FAMILIES", "Family"]
