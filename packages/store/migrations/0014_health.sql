-- What the health page shows of the last day: one row per measure and minute, kept for two days.
create table health_sample (
  measure text not null,
  at timestamptz not null,
  value double precision not null,
  primary key (measure, at)
);
create index health_sample_at on health_sample (at);
