import { sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);

/**
 * What the activity log does with each column of the tables under it: shows it, hides it as a secret, hashes it as personal, or leaves
 * it out. A new column has to be thought about, so it has to be written here.
 */
const columns: Readonly<
  Record<string, Partial<Record<"shown" | "secret" | "personal" | "ignored", string>>>
> = {
  account: {
    shown:
      "account_id name disabled language source_id break_glass password_changed_at source_refused_at source_groups renewed_at",
    secret: "password_hash",
    personal: "display_name subject",
    ignored: "created_at last_signed_in_at source_checked_at",
  },
  api_token: {
    shown: "token_id account_id label actions addresses expires_at",
    secret: "token_sha256",
    ignored: "created_at last_used_at last_address",
  },
  billing_close: {
    shown: "billing_close_id month branch_id reason state requested_by decided_by note points billable",
    ignored: "requested_at decided_at closed_at",
  },
  billing_correction: {
    shown:
      "billing_correction_id billing_run_id cause cause_reason caused_by decided_by decision_note kind month new_energy obis old_energy point_id scale state unit",
    ignored: "decided_at found_at",
  },
  billing_run: { shown: "billing_run_id found looked_at month run_by", ignored: "run_at" },
  branch: { shown: "branch_id parent_id name" },
  consumer_point: { shown: "consumer_id point_id during" },
  contract: {
    shown: "contract_id subscriber_id point_id during ended_contract_id",
    secret: "personal_hash",
    ignored: "sealed number_hash",
  },
  database_pool: {
    shown: "program connections_max statement_timeout_ms",
    ignored: "connections_max_before statement_timeout_ms_before changed_by changed_at",
  },
  data_key: { shown: "data_key_id kind year master retired_at", ignored: "wrapped created_at" },
  delivery_setting: {
    shown: "delivery_setting_id host port security user_name sender folder file_days",
    secret: "sealed_password",
    ignored: "changed_at",
  },
  device: {
    shown: "device_id identity model url direction meter_id enabled gateway_id",
    secret: "secret",
    ignored: "last_contact_at last_success_at last_error_code clock_offset_ms created_at quiet_seconds",
  },
  device_authority: { shown: "fingerprint ends_at", secret: "sealed_key", ignored: "certificate made_at" },
  device_certificate: {
    shown: "device_certificate_id identity fingerprint ends_at revoked_at",
    ignored: "issued_at first_used_at last_used_at",
  },
  device_plan: { shown: "device_id reading_plan_id", ignored: "next_at failures" },
  data_export: {
    shown: "data_export_id subject energy from_day to_day format language requested_by",
    ignored: "job_id requested_at made_at points value_rows file_bytes sealed_key",
  },
  gateway: {
    shown:
      "gateway_id identity state device_id name branch_id location_id adopted_by adopted_at retired_by retired_at replaced_by",
    ignored:
      "protocol firmware meters_announced newest oldest supply announced_at remote_address shutdown_announced_at cursor taken_confirmed poison_entries status configuration configuration_error first_seen_at",
  },
  group_balance: { shown: "group_balance_id added_by group_id point_id sign during", ignored: "ended_by" },
  group_change: {
    shown:
      "group_change_id group_id changed_by kind reason undoes added ended effective_from point_change_id location_version_id",
    ignored: "at",
  },
  gateway_proposal: {
    shown: "gateway_proposal_id gateway_id changes state proposed_by reason error",
    ignored: "text before sent_at fence ended_at proposed_at",
  },
  group_member: { shown: "group_member_id added_by group_id point_id sign during", ignored: "ended_by" },
  group_parent: { shown: "group_parent_id added_by group_id parent_id during", ignored: "ended_by" },
  group_plan: { shown: "group_id reading_plan_id" },
  group_rating: {
    shown:
      "group_rating_id added_by group_id rated_va no_load_loss_w load_loss_w line_ohm line_volts cos_phi during",
    ignored: "ended_by",
  },
  identity_source: {
    shown: "source_id kind label enabled settings",
    secret: "sealed_secret",
    ignored: "changed_at",
  },
  installation: {
    shown:
      "installation_id point_id meter_id during ct_ratio vt_ratio primary_values factor led_pulses_per_kwh output_pulse_wh",
  },
  field_task: {
    shown:
      "field_task_id kind point_id gateway_id group_id priority due_day state assignee_id loss_case_id alarm_device_id alarm_at alarm_code alarm_seq opened_at",
    ignored: "changed_at closed_at",
  },
  field_task_entry: { shown: "field_task_entry_id field_task_id made_by change", ignored: "at sealed" },
  field_task_finding: { shown: "field_task_id finding_id", ignored: "waiting" },
  loss_case: {
    shown: "loss_case_id group_id point_id state outcome assignee_id recovered_wh suspected opened_at",
    ignored: "changed_at",
  },
  loss_case_entry: { shown: "loss_case_entry_id loss_case_id made_by note change", ignored: "at" },
  meter_exchange: {
    shown:
      "meter_exchange_id point_id at old_meter_id new_meter_id new_serial reason doubts made_by made_meter made_device_id disabled_device_id enabled_device_id undone_by undo_reason",
    personal: "fitted_by",
    ignored: "made_at undone_at days ratio_request_id",
  },
  meter_exchange_photo: {
    shown: "meter_exchange_photo_id meter_exchange_id file_name media sha256 added_by",
    ignored: "bytes added_at",
  },
  meter_exchange_reading: { shown: "meter_exchange_id side obis value unit", ignored: "version" },
  location: { shown: "location_id branch_id code", secret: "personal_hash", ignored: "sealed changed_in" },
  location_fitting: {
    shown:
      "location_fitting_id location_id kind label point_id during material wall_mm locks key_mark ip_class rated_current_a poles residual_current_ma characteristic number reason made_by outcome end_reason ended_by withdrawn_by withdrawn_why",
    personal: "put_by taken_by",
    ignored: "made_at ended_at withdrawn_at",
  },
  location_version: {
    shown: "location_version_id location_id during branch_id code ended_by reason withdrawn",
    ignored: "sealed ended_at",
  },
  modem: { shown: "modem_id serial imei type note" },
  modem_placement: {
    shown: "modem_placement_id modem_id gateway_id meter_id during reason made_by ended_by",
  },
  sim: { shown: "sim_id iccid operator apn data_plan", secret: "sealed sealed_pin" },
  sim_placement: { shown: "sim_placement_id sim_id modem_id during reason made_by ended_by" },
  sim_state: { shown: "sim_state_id sim_id state during reason made_by" },
  key_recipient: { shown: "key_recipient_id recipient", ignored: "sealed created_at" },
  key_work: {
    shown: "key_work_id kind subject cancel_requested state requested_by error_code",
    ignored: "total done failed started_at ended_at",
  },
  meter: {
    shown: "meter_id serial manufacturer model phases max_current_a index_digits meter_type_id mid_year",
  },
  meter_state: { shown: "meter_state_id meter_id at state place reason made_by", ignored: "made_at" },
  meter_type: { shown: "meter_type_id manufacturer name" },
  meter_type_certificate: { shown: "meter_type_certificate_id meter_type_id number body year valid" },
  meter_type_version: {
    shown:
      "meter_type_version_id meter_type_id during model phases connection accuracy_class led_pulses_per_kwh output_pulse_wh reference_current_a max_current_a index_digits index_decimals relay load_profile tariffs verification_years reason made_by reference_voltage_v max_voltage_v",
  },
  meter_test: {
    shown: "meter_test_id meter_id during reason made_by withdrawn_by withdrawn_why",
    ignored: "made_at withdrawn_at",
  },
  meter_verification: {
    shown:
      "meter_verification_id meter_id verified_on kind passed laboratory document valid_until note made_by withdrawn_by withdrawn_why",
    ignored: "made_at withdrawn_at",
  },
  meter_key: {
    shown: "meter_key_id device_id kind state fingerprint origin created_by activated_at ended_at",
    ignored: "sealed counter_key created_at",
  },
  point: {
    shown:
      "point_id location_id phases direction approved_power_w category voltage is_protected export_contract expected_year_wh check_point_id",
    secret: "personal_hash",
    ignored: "sealed pod_hash changed_in search_text created_at",
  },
  tariff: { shown: "code name tariff_id" },
  tariff_change: {
    shown: "changed_by during kind points reason tariff_change_id tariff_id undoes",
    ignored: "at",
  },
  tariff_version: { shown: "added_by tariff_id tariff_version_id terms valid", ignored: "ended_by" },
  point_attribute: {
    shown: "point_attribute_id added_by point_id attribute value during",
    ignored: "ended_by",
  },
  point_change: {
    shown: "point_change_id point_id changed_by reason effective_from undoes",
    ignored: "at",
  },
  history_profile: { shown: "head mapping saved_by", ignored: "saved_at" },
  groups_import: {
    shown: "groups_import_id file_name reason imported_by undone_by undo_reason",
    ignored: "made changes imported_at finished_at undone_at kept",
  },
  point_group: { shown: "group_id kind name branch_id rule removed_at", ignored: "created_at" },
  ratio_request: {
    shown:
      "ratio_request_id point_id from_at ct_ratio vt_ratio primary_values ct_before vt_before primary_before reason requested_by valid_until state decided_by note",
    ignored: "requested_at decided_at days",
  },
  reading_plan: {
    shown:
      "reading_plan_id name every_seconds profile registers events backfill_days enabled moments window_from window_to longest_gap_seconds",
  },
  second_factor: {
    shown: "factor_id account_id kind label confirmed_at transports",
    secret: "sealed_secret credential_id public_key",
    ignored: "created_at last_used_at last_step sign_count",
  },
  invitation: { shown: "account_id expires_at made_by made_at", secret: "token_sha256" },
  point_supplier: { shown: "point_id supplier_id during" },
  reading_import: {
    shown:
      "reading_import_id sha256 file_name kind is_final gateway_id first_entry last_entry imported_by undone_by undo_reason",
    ignored:
      "meters intervals registers events refused imported_at finished_at undone_at undone_intervals undone_registers undo_kept",
  },
  role: { shown: "role_id name ready for_supplier", ignored: "changed_at" },
  role_action: { shown: "role_id action" },
  role_grant: {
    shown:
      "grant_id account_id role_id action branch_id supplier_id valid_from valid_until reason granted_by granted_at ended_by reviewed_by reviewed_at",
    ignored: "last_used_at",
  },
  event_acknowledgement: { shown: "device_id at code seq acknowledged_at acknowledged_by note" },
  subscriber: {
    shown: "subscriber_id kind erased_at",
    secret: "personal_hash",
    ignored: "sealed number_hash changed_in created_at",
  },
  subscriber_erasure: {
    shown: "subscriber_erasure_id subscriber_id reason requested_by state decided_by note replayed_at",
    ignored: "requested_at decided_at",
  },
  subscriber_version: {
    shown: "subscriber_version_id subscriber_id during kind ended_by",
    ignored: "sealed",
  },
  supplier: { shown: "supplier_id code name" },
  report: {
    shown: "report_id name about owner_id definition version changed_by removed_at removed_by",
    ignored: "changed_at",
  },
  report_schedule: {
    shown:
      "report_schedule_id report_id version owner_id every weekday month_day minute format recipients folder enabled changed_by removed_at",
    ignored: "next_due_at changed_at",
  },
  report_share: { shown: "report_share_id report_id account_id role_id may_change" },
  saved_view: { shown: "saved_view_id owner_id name page search shared removed_at" },
  retention_rule: { shown: "class months purpose set_by", ignored: "set_at" },
  retention_run: {
    shown: "retention_run_id class cutoff months_dropped rows_removed bytes_freed kept run_by",
    ignored: "run_at",
  },
  setting: { shown: "name value", ignored: "changed_at" },
  finding_decision: {
    shown: "finding_decision_id finding_id decided_by decision note",
    ignored: "decided_at",
  },
  validation_rule: {
    shown: "validation_rule_id rule class during enabled severity thresholds reason set_by",
    ignored: "set_at",
  },
  value_edit: {
    shown:
      "value_edit_id channel_id day kind method decision_note energy reason comment requested_by state decided_by overlay_ver undone_by undo_comment",
    ignored: "slots v q requested_at decided_at undone_at",
  },
  peak_acknowledgement: { shown: "peak_alarm_id demand_kw acknowledged_at acknowledged_by note" },
  peak_rule: {
    shown:
      "peak_rule_id name point_id group_id side obis basis power_kw percent former_days quarters estimates day_kind from_minute to_minute severity enabled from_day created_by changed_by removed_at",
    ignored: "created_at changed_at",
  },
  planned_work: {
    shown: "planned_work_id branch_id group_id during cause reason entered_by withdrawn_by",
    ignored: "entered_at withdrawn_at",
  },
  voltage_limit: {
    shown:
      "voltage_limit_id valid_from low_v high_v wide_low_v wide_high_v share_required_percent unflagged_min_percent unbalance_max_percent reason entered_by",
    ignored: "entered_at",
  },
  vpn_peer: {
    shown: "vpn_peer_id device_id label public_key address rotate_by revoked_at",
    secret: "sealed_psk",
    ignored: "made_at last_handshake_at received_bytes sent_bytes",
  },
  source_grant: { shown: "source_grant_id source_id group_name role branch_id" },
  switching_secret: {
    shown: "switching_secret_id device_id kind fingerprint place",
    ignored: "sealed created_at",
  },
};

/** Arguments of the triggers: key, secret, personal, ignored columns. */
const { rows } = await db.query<{ table: string; names: string[]; args: Buffer }>(sql`
  select tgrelid::regclass::text as table, tgargs as args,
         array(select attname::text from pg_attribute where attrelid = tgrelid and attnum > 0 and not attisdropped) as names
  from pg_trigger where tgname = 'audit_added' order by 1`);

test("the tables under the log are those that are thought about here", () => {
  expect(rows.map(({ table }) => table)).toEqual(Object.keys(columns).sort());
});

test.each(rows)("the log treats every column of $table as it should", ({ table, names, args }) => {
  const [, secret = [], personal = [], ignored = []] = args
    .toString("utf8")
    .split("\0")
    .map((text) => text.replaceAll(/[{}]/g, "").split(",").filter(Boolean));
  const given = { secret, personal, ignored, shown: names };
  given.shown = names.filter((name) => ![...secret, ...personal, ...ignored].includes(name));
  const wanted = Object.entries(given).map(([how, list]) => [how, [...list].sort().join(" ")]);
  const written = Object.keys(given).map((how) => {
    const list = columns[table]?.[how as "shown"] ?? "";
    return [how, list.split(" ").sort().join(" ")];
  });
  expect(written).toEqual(wanted);
});
