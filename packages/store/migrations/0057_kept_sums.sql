-- What stays of a month whose intervals go (docs/retention.md): how much each point and group took in it, and how much of that was known. A bill, a
-- year beside another and a balance ask for no more; when somebody was at home cannot be seen in it.
create table kept_month (
  channel_id int not null, -- of a point
  month date not null check (extract(day from month) = 1),
  sum bigint, -- of the digests of the days, null when nothing was there
  present int not null, -- intervals
  good int not null,
  estimated int not null,
  primary key (channel_id, month)
);

create table kept_group_month (
  group_id int not null,
  month date not null check (extract(day from month) = 1),
  side text not null,
  obis text not null,
  scale smallint not null,
  sum bigint,
  expected bigint not null,
  present bigint not null,
  good bigint not null,
  estimated bigint not null,
  primary key (group_id, month, side, obis)
);
