-- What the filters of the activity log offer.
create index log_page on audit.log (page, seq desc) where page is not null;
