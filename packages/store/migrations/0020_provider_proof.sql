-- A way to an OpenID provider that is to show anew who somebody is: null when it is to sign somebody in.
alter table oidc_flow add column proves_account_id int references account on delete cascade;
create index oidc_flow_proves on oidc_flow (proves_account_id);
