-- Until when the rows were known to be those of the API server: the indexer says so every few seconds, while it follows all kinds and has
-- nothing left to write.
alter table indexed_cluster add column followed timestamptz;
