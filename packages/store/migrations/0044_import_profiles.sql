-- A file with the head line of an earlier one is mapped as that one was in the end: its mapping is the profile.
alter table points_import add column head bytea; -- SHA-256 of the head line; null: brought before this was kept
create index points_import_head on points_import (head, points_import_id desc) where head is not null;
