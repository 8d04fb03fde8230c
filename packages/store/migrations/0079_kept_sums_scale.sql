-- A kept sum says its own power of ten, as a kept sum of a group does: the channel's may get finer after the days went.
alter table kept_month add column scale smallint;
update kept_month set scale = channel.scale from channel where channel.channel_id = kept_month.channel_id;
delete from kept_month where scale is null; -- of channels that are there no more
alter table kept_month alter column scale set not null;
