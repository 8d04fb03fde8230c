-- Sign-in: where people come from, their second factors, sessions in steps, tokens for programs.

-- Besides the accounts of this system: a directory (LDAP) or an OpenID provider.
create table identity_source (
  source_id int generated always as identity primary key,
  kind text not null check (kind in ('ldap', 'oidc')),
  label text not null unique,
  enabled boolean not null default false,
  settings jsonb not null, -- its shape is the server's schema of that kind
  sealed_secret bytea, -- password of the service account, or the client's secret
  changed_at timestamptz not null default now()
);

-- Members of this group of the source hold this role from this branch down, as long as they are members.
create table source_grant (
  source_grant_id int generated always as identity primary key,
  source_id int not null references identity_source on delete cascade,
  group_name text not null, -- DN of the group, or a value of the claim
  role text not null,
  branch_id int,
  unique nulls not distinct (source_id, group_name, role, branch_id)
);

-- Who somebody is: (source, subject), never a name or an address of mail. The subject of an own account is a random id.
alter table account
  alter column password_hash drop not null,
  add column source_id int references identity_source,
  add column subject text not null default gen_random_uuid()::text,
  add column break_glass boolean not null default false,
  add column last_signed_in_at timestamptz,
  add column password_changed_at timestamptz not null default now(),
  add column source_checked_at timestamptz, -- when the directory last said that this person may come in
  add column source_refused_at timestamptz, -- since when it says otherwise
  add column source_groups text[] not null default '{}',
  add constraint account_identity unique nulls not distinct (source_id, subject),
  add constraint account_way_in check ((source_id is null) = (password_hash is not null)),
  add constraint account_break_glass_local check (not break_glass or source_id is null);

-- A session begins in a step: `factor` waits for a second factor, `enrol` for one to be set up, `full` is signed in.
alter table session
  add column session_id bigint generated always as identity unique,
  add column stage text not null default 'full' check (stage in ('factor', 'enrol', 'full')),
  add column ways text[] not null default '{password}', -- how this person has shown who they are
  add column address text,
  add column agent text,
  add column stepped_up_at timestamptz, -- when they last showed it
  add column challenge text, -- of WebAuthn, used once
  add column challenge_at timestamptz;
create index session_account on session (account_id);

create table second_factor (
  factor_id int generated always as identity primary key,
  account_id int not null references account on delete cascade,
  kind text not null check (kind in ('totp', 'webauthn')),
  label text not null,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz, -- counts from then on
  last_used_at timestamptz,
  sealed_secret bytea, -- totp
  last_step bigint, -- totp: time step of the last code taken, so that each is taken once
  credential_id text unique, -- webauthn, base64url
  public_key bytea,
  sign_count bigint,
  transports text[],
  check (case kind when 'totp' then sealed_secret is not null
         else credential_id is not null and public_key is not null and sign_count is not null end)
);
create index second_factor_account on second_factor (account_id);

-- For who has lost the factor: each opens once. Only hashes are kept.
create table recovery_code (
  account_id int not null references account on delete cascade,
  code_sha256 bytea not null,
  used_at timestamptz,
  primary key (account_id, code_sha256)
);

-- Programs call with a token: a part of its owner's rights, for a time. Only its hash is kept.
create table api_token (
  token_id int generated always as identity primary key,
  account_id int not null references account on delete cascade,
  label text not null,
  token_sha256 bytea not null unique,
  actions text[] not null,
  addresses cidr[] not null default '{}', -- empty: from anywhere
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  last_address text,
  check (expires_at <= created_at + interval '366 days')
);
create index api_token_account on api_token (account_id);

-- Between leaving for an OpenID provider and coming back.
create table oidc_flow (
  flow_sha256 bytea primary key,
  source_id int not null references identity_source on delete cascade,
  state text not null,
  nonce text not null,
  code_verifier text not null,
  expires_at timestamptz not null
);

-- Slow guesses are looked for by time, when old ones are swept out.
create index sign_in_failure_at on sign_in_failure (at);

-- Under the activity log. A source, a factor and a token are watched from now on; the account anew, for its new columns.
drop trigger audit_added on account;
drop trigger audit_changed on account;
drop trigger audit_removed on account;
select audit.watch('account', '{account_id}', secret => '{password_hash}', personal => '{display_name,subject}',
  ignored => '{created_at,last_signed_in_at,source_checked_at}');
select audit.watch('identity_source', '{source_id}', secret => '{sealed_secret}', ignored => '{changed_at}');
select audit.watch('source_grant', '{source_grant_id}');
select audit.watch('second_factor', '{factor_id}', secret => '{sealed_secret,credential_id,public_key}',
  ignored => '{created_at,last_used_at,last_step,sign_count}');
select audit.watch('api_token', '{token_id}', secret => '{token_sha256}',
  ignored => '{created_at,last_used_at,last_address}');
