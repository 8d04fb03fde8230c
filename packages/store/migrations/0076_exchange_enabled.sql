-- A meter of the stock whose device an exchange switched on is switched off again when the exchange is taken back.
alter table meter_exchange add column enabled_device_id int references device on delete set null;
drop trigger audit_added on meter_exchange;
drop trigger audit_changed on meter_exchange;
drop trigger audit_removed on meter_exchange;
select audit.watch('meter_exchange', '{meter_exchange_id}', personal => '{fitted_by}',
  ignored => '{made_at,undone_at,days,ratio_request_id}');
