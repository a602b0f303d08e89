"""Texts as China's sites write them: plain signs, dates and times, people, the words that mean something.

Pure, and below every other room: nothing here knows of pages, lists or the database.
"""
