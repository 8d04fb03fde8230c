-- Load curves of past times, from files of an older system.
alter table reading_import drop constraint reading_import_kind_check;
alter table reading_import add constraint reading_import_kind_check
  check (kind in ('concentrator-dump', 'hand-held', 'load-curves'));
