-- An account that has lain unused for too long opens again from the instant at which somebody renewed it.
alter table account add column renewed_at timestamptz;

-- Watched anew for its new column.
drop trigger audit_added on account;
drop trigger audit_changed on account;
drop trigger audit_removed on account;
select audit.watch('account', '{account_id}', secret => '{password_hash}', personal => '{display_name,subject}',
  ignored => '{created_at,last_signed_in_at,source_checked_at}');
