-- Loudness of a spoken question from its beginning to its end, a byte each.
ALTER TABLE attachments ADD COLUMN levels BLOB NOT NULL DEFAULT x'';
