/** Roles of the database. `owner` owns everything and cannot sign in; no process signs in as it, nor as a superuser. */
export const databaseRoles = [
  "app_web",
  "app_headend",
  "app_dispatcher",
  "app_jobs",
  "backup",
  "replication",
  "portal_ro",
  "auditor_ro",
  "report_ro",
] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/**
 * Roles that speak the replication protocol. `backup` fetches base backups and WAL: the server's `pg_hba.conf` lets it and nobody
 * else. `replication` is for logical replication into the database of the portal, which is an ordinary connection.
 */
export const replicatingRoles: readonly DatabaseRole[] = ["backup", "replication"];

/** Settings with which a role begins. A process may ask for less time than this, not for another search path by accident. */
export const roleSettings: Readonly<Record<DatabaseRole, Readonly<Record<string, string>>>> = {
  app_web: { idle_in_transaction_session_timeout: "60s" },
  app_headend: { idle_in_transaction_session_timeout: "60s" },
  app_dispatcher: { idle_in_transaction_session_timeout: "60s", statement_timeout: "10s" },
  app_jobs: { idle_in_transaction_session_timeout: "10min" },
  backup: { idle_in_transaction_session_timeout: "60s" },
  replication: { idle_in_transaction_session_timeout: "60s", statement_timeout: "10min" },
  portal_ro: { idle_in_transaction_session_timeout: "10s", statement_timeout: "5s" },
  auditor_ro: { idle_in_transaction_session_timeout: "10min", statement_timeout: "10min" },
  report_ro: { idle_in_transaction_session_timeout: "60s", statement_timeout: "30s", work_mem: "32MB" },
};

/** Letters of a privilege: select, insert, update, delete. */
type Letters = "" | "S" | "SI" | "SU" | "SIU" | "SIUD" | "SD" | "SID";
/** Whole tables by letters, or some columns to read. */
export type TablePrivilege = Letters | { readonly columns: readonly string[] };

type Row = Partial<Record<DatabaseRole, TablePrivilege>>;
const everywhereButPortal = { app_web: "SIUD", app_jobs: "SIUD" } as const;
const people: Row = { app_web: "SIUD" };
const fieldWork: Row = { app_web: "SIUD", app_headend: "SIUD", app_jobs: "SIUD" };
/** Counted when a base backup begins, to compare a restored state with. */
const counted = (key: string): Row => ({ backup: { columns: [key] } });
const readForReports = { report_ro: "S" } as const;

/**
 * Who may do what with which table: every table is here, and nothing but what is here is granted. The head-end cannot see people,
 * the server cannot write into the activity log but by its function, analysts see no names and addresses.
 */
export const privileges: Readonly<Record<string, Row>> = {
  // The launcher asks whether there is one.
  account: {
    ...people,
    ...counted("account_id"),
    // A report that runs by itself reads with the rights of its owner, as they are then.
    app_jobs: {
      columns: ["account_id", "name", "language", "disabled", "source_id", "source_groups"],
    },
  },
  api_token: people,
  attempt: fieldWork,
  "audit.head": { app_web: "S", app_jobs: "S", auditor_ro: "S" },
  "audit.log": { app_web: "S", app_jobs: "S", auditor_ro: "S" },
  "audit.pending": {},
  "audit.root": { app_web: "S", app_jobs: "S", auditor_ro: "S" },
  "audit.turn": {},
  backup_run: { app_web: "S", app_jobs: "SIUD", backup: "SIU" },
  backup_state: { app_web: "S", app_jobs: "SIUD", backup: "SIU" },
  // What was billed is kept for ever: nobody may take it away.
  billing_close: { app_web: "SIU", app_jobs: "SIU" },
  billing_correction: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  billing_run: { app_web: "SIU", app_jobs: "SIU" },
  billing_value: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  block: { ...fieldWork, ...counted("block_id") },
  branch: { ...everywhereButPortal, app_headend: "S", ...readForReports },
  channel: { ...fieldWork, ...readForReports },
  clock_difference: fieldWork,
  consumer_point: everywhereButPortal,
  // Who the subscribers are is no business of the head-end, of analysts or of the portal.
  contract: everywhereButPortal,
  // Each program reads what connections it may open; who may change it goes through the server, or is the owner.
  database_pool: {
    app_web: "SIUD",
    app_headend: "S",
    app_dispatcher: "S",
    app_jobs: "S",
    backup: "S",
  },
  day_version: everywhereButPortal,
  data_export: { app_web: "SIUD", app_jobs: "SIUD" },
  data_export_part: { app_web: "SIUD", app_jobs: "SID" },
  data_key: { app_web: "SIU", app_headend: "SI", app_jobs: "SIU", app_dispatcher: "SIU" },
  delivery_setting: { app_web: "SU", app_jobs: "SU" },
  device: {
    ...fieldWork,
    ...counted("device_id"),
    report_ro: {
      columns: ["device_id", "identity", "model", "direction", "meter_id", "enabled", "last_contact_at"],
    },
  },
  // The head-end shows devices a certificate of the authority, and makes that when it is the first to need it.
  device_authority: { app_web: "SIU", app_headend: "SI", app_jobs: "SIU" },
  device_certificate: { app_web: "SIU", app_headend: "SU", app_jobs: "SIU" },
  device_plan: fieldWork,
  device_plan_source: everywhereButPortal,
  // Which day was estimated from which, findings and their rules: the server's work.
  estimate_source: everywhereButPortal,
  event: { ...fieldWork, ...counted("device_id"), ...readForReports },
  event_acknowledgement: { app_web: "SI", app_jobs: "SID" },
  finding: { ...everywhereButPortal, ...readForReports },
  finding_decision: { app_web: "SI", app_jobs: "SI" },
  first_token: { app_web: "SD", app_jobs: "SID" },
  gateway: { ...fieldWork, ...readForReports },
  gateway_difference: fieldWork,
  gateway_entry: fieldWork,
  gateway_meter: fieldWork,
  gateway_outcome: fieldWork,
  // Written by whoever changes a concentrator, and never again.
  gateway_version: { app_web: "SI", app_headend: "SI", app_jobs: "SI", ...readForReports },
  gateway_proposal: { app_web: "SIU", app_headend: "SU", app_jobs: "SIUD" },
  group_balance: { ...everywhereButPortal, ...readForReports },
  group_change: { app_web: "SI", app_jobs: "SIUD" },
  group_day: { ...everywhereButPortal, ...readForReports },
  group_due: everywhereButPortal,
  group_plan: everywhereButPortal,
  group_member: { ...everywhereButPortal, ...readForReports },
  group_parent: { ...everywhereButPortal, ...readForReports },
  // An inventory brings the plates of transformers along; it is written as the jobs are.
  group_rating: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  health_sample: { app_web: "SIUD", app_headend: "SIUD", app_jobs: "SIUD" },
  heard_counter: fieldWork,
  identity_source: people,
  installation: { ...everywhereButPortal, app_headend: "S", ...readForReports },
  invitation: people,
  // Asked for by the server, done by whoever runs jobs.
  job: { app_web: "SIU", app_jobs: "SIUD" },
  job_failure: { app_web: "SI", app_jobs: "SIUD" },
  // What stays of months whose intervals went; jobs alone write it.
  kept_group_month: { app_web: "S", app_jobs: "SIUD", ...readForReports },
  kept_month: { app_web: "S", app_jobs: "SIUD", ...readForReports },
  key_recipient: { app_web: "SIUD", app_jobs: "SIUD" },
  key_work: { app_web: "SIUD", app_headend: "SU", app_jobs: "SIUD" },
  link: fieldWork,
  load_day: { ...fieldWork, ...counted("channel_id"), ...readForReports },
  // Whoever writes days says so here; the server takes the rows and sums groups.
  load_day_change: { app_web: "SID", app_headend: "SI", app_jobs: "SID" },
  load_day_hist: { ...fieldWork, ...counted("channel_id"), ...readForReports },
  load_interval: { app_web: "S", app_jobs: "S", ...readForReports },
  // The head-end has no business with who lives where: it reads no sealed column.
  location: {
    ...everywhereButPortal,
    app_headend: { columns: ["location_id", "branch_id"] },
    report_ro: { columns: ["location_id", "branch_id"] },
  },
  field_task: { app_web: "SIU", app_jobs: "S" },
  // Entries are added; an erasure takes words out of them, and a new key seals them anew.
  field_task_entry: { app_web: "SIU" },
  field_task_finding: { app_web: "SIU", app_jobs: "S" },
  loss_case: { app_web: "SIU" },
  loss_case_entry: { app_web: "SI" },
  // Rows are added and ended; nothing of it is taken away again, but with a location that was never used.
  location_fitting: {
    app_web: "SIU",
    app_jobs: "SIU",
    report_ro: {
      columns: [
        "location_fitting_id",
        "location_id",
        "kind",
        "label",
        "point_id",
        "during",
        "material",
        "wall_mm",
        "ip_class",
        "rated_current_a",
        "poles",
        "residual_current_ma",
        "characteristic",
        "outcome",
        "withdrawn_at",
      ],
    },
  },
  location_version: {
    ...everywhereButPortal,
    report_ro: { columns: ["location_version_id", "location_id", "branch_id", "during"] },
  },
  meter: { ...everywhereButPortal, ...counted("meter_id"), app_headend: "S", ...readForReports },
  meter_exchange: { ...everywhereButPortal, ...readForReports },
  // Pictures and indices are only added; they go with a point that is taken away.
  meter_exchange_photo: { app_web: "SI", app_jobs: "SID" },
  meter_exchange_reading: { app_web: "SI", app_jobs: "SID", ...readForReports },
  meter_key: { app_web: "SIUD", app_headend: "SIUD", app_jobs: "SIUD" },
  // The catalogue and the lives of meters: what people enter. Nothing of it is taken away again but a state that was a mistake, which the
  // activity log keeps.
  meter_life: { app_web: "S", app_jobs: "S", ...readForReports },
  meter_state: { app_web: "SID", app_jobs: "SI", ...readForReports },
  meter_transition: { app_web: "S", app_jobs: "S", ...readForReports },
  meter_type: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  meter_type_certificate: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  meter_type_version: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  meter_test: { app_web: "SIU", app_jobs: "S", ...readForReports },
  meter_verification: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  modem: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  modem_placement: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  network_version: { app_web: "SU", app_headend: "SU", app_jobs: "SU" },
  oidc_flow: people,
  peak_acknowledgement: { app_web: "SI", app_jobs: "SID" },
  // The server looks for peaks; what it found is nobody's to change.
  peak_alarm: { ...everywhereButPortal, ...readForReports },
  peak_due: everywhereButPortal,
  peak_rule: { app_web: "SIU", app_jobs: "S", ...readForReports },
  planned_work: { app_web: "SIU", app_jobs: "S", ...readForReports },
  point: {
    ...everywhereButPortal,
    ...counted("point_id"),
    app_headend: { columns: ["point_id", "location_id", "phases", "direction", "approved_power_w"] },
    report_ro: {
      columns: [
        "point_id",
        "location_id",
        "phases",
        "direction",
        "approved_power_w",
        "category",
        "voltage",
        "is_protected",
        "export_contract",
        "expected_year_wh",
        "check_point_id",
      ],
    },
  },
  // Whoever derives a day lays over it what validation and people gave; versions are only added.
  // Jobs alone take away, what is older than it may be kept.
  point_overlay: { app_web: "SIU", app_headend: "SU", app_jobs: "SIUD", ...readForReports },
  point_group: { ...everywhereButPortal, ...readForReports },
  point_supplier: { ...everywhereButPortal, ...readForReports },
  points_import: everywhereButPortal,
  history_profile: { app_web: "SIU" },
  groups_import: { app_web: "SIU" },
  points_import_line: everywhereButPortal,
  // Rows are added and ended, never changed otherwise; they go with the point.
  point_attribute: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  point_change: { app_web: "SI", app_jobs: "SI" },
  // Of one consumer (`set local app.consumer_id`), by row level security.
  portal_interval: { portal_ro: "S" },
  portal_point: { portal_ro: "S" },
  profile_asked: fieldWork,
  // Who asks and who approves are people: no other process has business here.
  ratio_request: { app_web: "SIU" },
  reading_plan: { ...everywhereButPortal, app_headend: "S", ...readForReports },
  reading_import: everywhereButPortal,
  reading_import_day: everywhereButPortal,
  reading_import_register: everywhereButPortal,
  recovery_code: people,
  register_reading: { ...fieldWork, ...counted("meter_id"), ...readForReports },
  // Who runs them writes down what became of them; nobody takes a version or a run away.
  report: { app_web: "SIU", app_jobs: "S" },
  report_delivery: { app_web: "SU", app_jobs: "SIU" },
  report_run: { app_web: "SIU", app_jobs: "SIU" },
  report_schedule: { app_web: "SIU", app_jobs: "SU" },
  report_share: { ...people, app_jobs: "S" },
  report_version: { app_web: "SI", app_jobs: "S" },
  retention_rule: { app_web: "SIU", app_jobs: "S" },
  retention_run: { app_web: "S", app_jobs: "SI" },
  role: { ...people, app_jobs: "S" },
  role_action: { ...people, app_jobs: "S" },
  role_grant: { ...people, app_jobs: "S" },
  saved_view: { app_web: "SIU" },
  schema_migration: {
    app_web: "S",
    app_headend: "S",
    app_dispatcher: "S",
    app_jobs: "S",
    backup: "S",
    report_ro: "S",
  },
  second_factor: people,
  sent_counter: fieldWork,
  session: people,
  setting: { app_web: "SIUD", app_headend: "SI", app_jobs: "SIUD", report_ro: { columns: ["name"] } },
  sign_in_failure: people,
  source_grant: { ...people, app_jobs: "S" },
  sim: {
    app_web: "SIU",
    app_jobs: "SIU",
    report_ro: { columns: ["sim_id", "iccid", "operator", "apn", "data_plan"] },
  },
  sim_placement: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  sim_state: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  subscriber: everywhereButPortal,
  subscriber_erasure: { app_web: "SIUD", app_jobs: "S" },
  subscriber_version: everywhereButPortal,
  supplier: { ...everywhereButPortal, ...readForReports },
  // Sealed to the key of the dispatcher: the server can put it there and cannot open it.
  switching_secret: { app_web: "SIUD", app_dispatcher: "SU" },
  // What an earlier release kept in clear, until it is sealed.
  unsealed_location: everywhereButPortal,
  unsealed_point: everywhereButPortal,
  // What tariffs were and where they held is kept: rows end, none goes.
  tariff: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  tariff_assignment: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  tariff_change: { app_web: "SI", app_jobs: "SI", ...readForReports },
  tariff_version: { app_web: "SIU", app_jobs: "SIU", ...readForReports },
  validation_change: { app_web: "SID", app_headend: "SI", app_jobs: "SID" },
  validation_rule: { ...everywhereButPortal, ...readForReports },
  validation_sweep: { app_web: "SIU", app_jobs: "SIU" },
  value_edit: { app_web: "SIU", app_headend: "SU", app_jobs: "SIU", ...readForReports },
  voltage_limit: { app_web: "SIU", app_jobs: "S", ...readForReports },
  // The head-end compares a caller's address with that of its tunnel.
  vpn_peer: { app_web: "SIU", app_headend: "S", app_jobs: "SIU" },
};

/** Functions beyond those of plain SQL, by who may call them. */
export const functionPrivileges: Readonly<Record<string, readonly DatabaseRole[]>> = {
  "audit.append(jsonb)": ["app_web", "app_headend", "app_dispatcher", "app_jobs"],
  "audit.acting()": ["app_web", "app_headend", "app_dispatcher", "app_jobs"],
  "audit.canonical(audit.log)": ["app_web", "app_jobs", "auditor_ro"],
  "backup_line()": ["app_web", "app_jobs", "backup"],
  "drop_month(text)": ["app_jobs"],
  "make_month(text,text,text,text,boolean)": ["app_web", "app_headend", "app_jobs"],
  "set_analyst_password(text,timestamptz)": ["app_web"],
  "set_backup_line(jsonb)": ["app_jobs", "backup"],
  "tell_planner()": ["app_web", "app_jobs"],
};

/** Roles that see and write every row of a table whose rows are otherwise seen one consumer at a time. */
export const rowPolicies: Readonly<Record<string, readonly DatabaseRole[]>> = {
  consumer_point: ["app_web", "app_jobs"],
};

/** Privileges by their words. */
export const wordsOf = (letters: string): string[] =>
  [...letters].map((letter) => ({ S: "SELECT", I: "INSERT", U: "UPDATE", D: "DELETE" })[letter] ?? "");
