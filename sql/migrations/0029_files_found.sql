-- Files by their digest as they are shown, and what they say in searches.

CREATE INDEX kept_file_by_shown_digest ON tonggao.kept_file (encode(digest, 'hex'));
