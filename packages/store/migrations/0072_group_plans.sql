-- A reading plan belongs to a group: whoever is a member is read by it, whenever they joined.
create table group_plan (
  group_id int primary key references point_group on delete cascade,
  reading_plan_id int references reading_plan -- null: only on request
);
-- Devices that are read by something else than the plans they came with: a plan of their own, which somebody gave to their point, or that
-- of a group. `device_plan` holds by what each is read; what it came with holds again when neither does.
create table device_plan_source (
  device_id int primary key references device on delete cascade,
  group_id int references point_group on delete cascade, -- null: a plan of its own
  reading_plan_id int references reading_plan, -- null: only on request
  base int[] not null
);
select audit.watch('group_plan', '{group_id}');
