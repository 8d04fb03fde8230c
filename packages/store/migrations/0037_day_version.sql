-- How often a day was written, of any channel: what a remembered result is told by whether it is still right (docs/analysis.md).
-- Counted by the fold as it takes the change list away, so that no delivery touches a row that another one needs.
create table day_version (
  day date primary key,
  version bigint not null
);
