CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    is_named INTEGER NOT NULL DEFAULT 0, -- by the user
    changed REAL NOT NULL
) STRICT;

-- What was said, in the order of `place`; `heard` of its characters were heard, NULL for all there are.
CREATE TABLE lines (
    number INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    who TEXT NOT NULL,
    moment REAL NOT NULL,
    words TEXT NOT NULL,
    heard INTEGER,
    state TEXT NOT NULL,
    UNIQUE (conversation, place)
) STRICT;

CREATE TABLE attachments (
    line INTEGER NOT NULL REFERENCES lines (number) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT,
    thumbnail BLOB NOT NULL,
    PRIMARY KEY (line, place)
) STRICT;

CREATE VIRTUAL TABLE found USING fts5 (
    words, content = 'lines', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER lines_inserted AFTER INSERT ON lines BEGIN
    INSERT INTO found (rowid, words) VALUES (new.number, new.words);
END;

CREATE TRIGGER lines_deleted AFTER DELETE ON lines BEGIN
    INSERT INTO found (found, rowid, words) VALUES ('delete', old.number, old.words);
END;

CREATE TRIGGER lines_updated AFTER UPDATE OF words ON lines BEGIN
    INSERT INTO found (found, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO found (rowid, words) VALUES (new.number, new.words);
END;
