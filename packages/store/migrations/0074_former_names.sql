-- What a subscriber was called before, until they are erased: points and notes that were written then hold that name.
create table subscriber_former (
  subscriber_former_id bigint generated always as identity primary key,
  subscriber_id int not null references subscriber on delete cascade,
  sealed bytea not null, -- as that of the subscriber, the name alone
  until timestamptz not null default now()
);
create index subscriber_former_of on subscriber_former (subscriber_id);
