-- Since when the values of a day are known (docs/storage.md): what fills empty slots leaves no version in the history, and still must not
-- be shown as known before it came. Null: written before this was kept.
alter table load_day add column arrivals bytea;
alter table load_day_hist add column arrivals bytea;
