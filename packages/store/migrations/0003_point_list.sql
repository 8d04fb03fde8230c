-- The list of points, its orders, and what every page asks: which meter stands at a point now.
create unique index installation_current on installation (point_id) include (meter_id) where upper_inf(during);
create index installation_current_meter on installation (meter_id) include (point_id) where upper_inf(during);
create index point_name on point (name collate "ro-x-icu", point_id);
create index location_address on location (address collate "ro-x-icu");
create index device_last_contact on device (last_contact_at);
