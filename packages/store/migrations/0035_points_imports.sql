-- Files of points that somebody brought: the file as it came with what was corrected in it (sealed: it is full of names), which
-- column holds what, and, line by line, what was there before, so that the whole of it can be taken back.
create table points_import (
  points_import_id int generated always as identity primary key,
  name text not null,
  lines int not null,
  mapping jsonb not null,
  sealed bytea not null, -- JSON of the file's text and the corrected cells
  state text not null default 'checked' check (state in ('checked', 'running', 'done', 'undoing', 'undone')),
  made_by text not null,
  made_at timestamptz not null default now(),
  job_id bigint references job on delete set null
);
create table points_import_line (
  points_import_line_id bigint generated always as identity primary key,
  points_import_id int not null references points_import on delete cascade,
  line int not null,
  is_new boolean not null,
  sealed bytea not null, -- JSON of the point as it was before; of a new one its code alone
  unique (points_import_id, line)
);
