-- A point that goes to another branch leaves the groups of the old one, unless somebody wants it to stay. Such a change of a group names the
-- move that it came of, and is taken back with it.
alter table group_change
  add column point_change_id bigint references point_change on delete set null,
  add column location_version_id bigint references location_version on delete set null;
create index group_change_of_move on group_change (point_change_id) where point_change_id is not null;
create index group_change_of_place on group_change (location_version_id) where location_version_id is not null;
