import { createHash, randomBytes } from "node:crypto";
import { packDay } from "@energsys/metering";
import {
  addAccount,
  addGrants,
  addGroup,
  addModem,
  addPeakRule,
  addSim,
  applyGroupChange,
  changeAttributes,
  everywhere,
  fittingOf,
  type HeldGrant,
  listRoles,
  openCase,
  openSession,
  openTask,
  placeModem,
  placeSim,
  queueAttempt,
  readBranches,
  readGrants,
  requestErasure,
  sql,
  startContract,
  storePointSupplier,
  takeBackContract,
} from "@energsys/store";
import { expect, test } from "vitest";
import { contract, type Operation, type OperationId } from "../src/contract.ts";
import {
  rights as everyRight,
  isRight,
  pageOf,
  type ReadyRole,
  readyRoles,
} from "../src/security/catalogue.ts";
import { can, rightsOf } from "../src/security/rights.ts";
import { firstAccount, host, importPoints, networkPoint, origin, testServer } from "./harness.ts";
import { writeDay } from "./stored-days.ts";

/*
 * Every route × every role × {own branch, other branch}, made from the contract and the catalogue: a new route is in it by itself. A
 * right that is missing is 403 and says which; what belongs to the other branch is 404, word for word like what does not exist; and
 * no answer ever holds anything of the other branch.
 */
const server = await testServer();
const { app, db, clock } = server;
await firstAccount(server);

const canary = "Zvâncea";
const supplierOf = { code: "30XRO-OWN", name: "Furnizorul nostru" };
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș", "Pitești"] }),
  networkPoint(2, {
    branch: ["Vâlcea", canary],
    name: canary,
    address: `Str. ${canary} 2`,
    pod: "RO001ZVANCEA002",
    device: {
      identity: "ZVANCEA2",
      model: "iskra-me162",
      url: "iec62056-21+tcp://127.0.0.1:2",
      direction: "dial",
    },
  }),
]);
await storePointSupplier(db, {
  supplier: supplierOf,
  pods: ["RO001EMO0000001"],
  fromMs: clock.ms - 86_400_000,
});
await storePointSupplier(db, {
  supplier: { code: "30XRO-OTHER", name: "Alt furnizor" },
  pods: ["RO001ZVANCEA002"],
  fromMs: clock.ms - 86_400_000,
});
await db.query(sql`update device set last_contact_at = now() - interval '30 days'`);

const { rows: placed } = await db.query<{
  pointId: number;
  deviceId: number;
  branchId: number;
  meterId: number;
}>(sql`
  select point_id as "pointId", device_id as "deviceId", branch_id as "branchId", meter_id as "meterId"
  from point join location using (location_id) join installation using (point_id) join device using (meter_id) order by point_id`);
const [own, other] = placed as [(typeof placed)[0], (typeof placed)[0]];
for (const { deviceId, meterId } of placed) {
  await db.query(sql`insert into event (at, device_id, code) values (now(), ${deviceId}, 'idis:1')`);
  await db.query(
    sql`insert into event (at, device_id, code) values (date_trunc('milliseconds', now()), ${deviceId}, 'idis:40')`,
  );
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    values (${meterId}, '1-0:1.8.0*255', now(), 17, 'kWh', now())`);
}
const gatewayOf = async (n: number, branchId: number, name: string) => {
  const identity = `ENC${String(n).padStart(13, "0")}`;
  const { rows } = await db.query<{ id: number }>(sql`
    with own as (insert into device (identity, model, url, direction)
      values (${identity}, 'generic-dlms', 'dlms+tcp://', 'call-in') returning device_id)
    insert into gateway (identity, state, device_id, name, branch_id)
    select ${identity}, 'adopted', device_id, ${name}, ${branchId} from own returning gateway_id as id`);
  return rows[0]!.id;
};
const gateways = {
  own: await gatewayOf(1, own.branchId, "MC-1"),
  other: await gatewayOf(2, other.branchId, `MC-${canary}`),
};
const groupOf = async (branchId: number, pointId: number, name: string) => {
  const groupId = await addGroup(db, { kind: "transformer", name, branchId });
  const add = [{ pointId, sign: 1 as const }];
  const change = { groupId, side: "members", fromMs: Date.UTC(2026, 0, 1), add } as const;
  const { changeId } = await applyGroupChange(db, everywhere, change, { by: name, reason: name });
  // Each call has one number in its address, whatever it names.
  expect(changeId).toBe(groupId);
  return groupId;
};
const groups = {
  own: await groupOf(own.branchId, own.pointId, "PT 1"),
  other: await groupOf(other.branchId, other.pointId, `PT ${canary}`),
};
const caseOf = (groupId: number, name: string) =>
  openCase(db, everywhere, { groupId, note: name }, { name, nowMs: clock.ms });
const cases = { own: await caseOf(groups.own, "asker"), other: await caseOf(groups.other, canary) };
const taskOf = async (pointId: number, name: string) => {
  const task = { source: { pointId }, kind: "look", priority: "normal", note: name } as const;
  return (await openTask(db, everywhere, task, { name, nowMs: clock.ms })).taskId;
};
const tasks = { own: await taskOf(own.pointId, "asker"), other: await taskOf(other.pointId, canary) };
const peakRuleOf = (pointId: number, name: string) =>
  addPeakRule(db, everywhere, {
    name,
    watched: { kind: "point", pointId },
    energy: "A+",
    threshold: { basis: "power", powerKw: "5" },
    ...{ quarters: 1, estimates: false, dayKind: "all", hours: null, severity: "low", enabled: true },
    ...{ by: name, today: "2026-01-01" },
  });
const peakRules = {
  own: await peakRuleOf(own.pointId, "asker"),
  other: await peakRuleOf(other.pointId, canary),
};
const peakInput = (which: Which) => ({
  of: `p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}`,
  ...{ energy: "A+", basis: "power", powerKw: "5", quarters: 1, estimates: false, dayKind: "all" },
});
let contracts = 0;
/** Somebody new moves in at a point, an hour after whoever came before. */
const moveIn = (pointId: number, name: string) => {
  contracts += 1;
  return startContract(db, everywhere, {
    pointId,
    number: `C-${contracts}`,
    fromMs: clock.ms - 86_400_000 + contracts * 60_000,
    subscriber: { kind: "household", number: `A-${contracts}`, name, phone: "", email: "", address: "" },
  });
};
const neighbours = {
  own: await moveIn(own.pointId, "Popescu Ion"),
  other: await moveIn(other.pointId, canary),
};
/** The newest contract of each point: what is taken back is entered anew. */
const newest = {
  own: (await moveIn(own.pointId, "Ionescu Maria")).contractId,
  other: (await moveIn(other.pointId, canary)).contractId,
};
const attempt = (deviceId: number) => queueAttempt(db, { deviceId, cause: "plan" });
const attempts = { own: await attempt(own.deviceId), other: await attempt(other.deviceId) };
const channelOf = async (pointId: number) => {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    values (${pointId}, '1-0:1.29.0*255', 'delta', 'Wh', 0, 900) returning channel_id as id`);
  return rows[0]!.id;
};
const channelId = await channelOf(own.pointId);
await writeDay(db, { channelId, day: "2026-01-01", valueAt: (slot) => ({ value: slot }) });
const { rows: read } = await db.query<{ serial: string }>(sql`
  with stored as (
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', '2026-01-01T00:00Z', 1, 'kWh', '2026-01-01T01:00Z'
    from installation where point_id = ${own.pointId}
    returning meter_id)
  update installation set during = tstzrange('2020-01-01', upper(during), '[)') from stored join meter using (meter_id)
  where installation.meter_id = stored.meter_id returning meter.serial`);
const otherChannelId = await channelOf(other.pointId);

const roleIds = new Map((await listRoles(db, clock.ms)).map((role) => [role.ready, role.roleId]));
const { rows: suppliers } = await db.query<{ id: number }>(
  sql`select supplier_id as id from supplier where code = ${supplierOf.code}`,
);

async function person(name: string, role: ReadyRole | undefined, branchId: number) {
  const account = await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" });
  const accountId = account!.accountId;
  if (role) {
    const grant = {
      roleId: roleIds.get(role)!,
      action: null,
      branchId: role === "supplier" ? null : branchId,
      supplierId: role === "supplier" ? suppliers[0]!.id : null,
      validFromMs: clock.ms - 1_000,
      validUntilMs: null,
      reason: "",
    };
    await addGrants(db, { accountId, grants: [grant], grantedBy: null, nowMs: clock.ms });
  }
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 3_600_000,
  });
  return { accountId, cookie: `sid=${id}` };
}

const roles = [...(Object.keys(readyRoles) as ReadyRole[]), undefined];
const people = new Map<
  ReadyRole | undefined,
  { accountId: number; cookie: string; grants: readonly HeldGrant[] }
>();
for (const role of roles) {
  const made = await person(`the-${role ?? "nobody"}`, role, own.branchId);
  people.set(role, { ...made, grants: await readGrants(db, { accountId: made.accountId, nowMs: clock.ms }) });
}
/** Asked for by somebody who is none of the roles, so that each of them may decide. */
const asker = await person("asker", "technician", own.branchId);
const requestOf = async (pointId: number) => {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into ratio_request (point_id, from_at, ct_ratio, vt_ratio, primary_values, ct_before, vt_before, primary_before,
      reason, requested_by, requested_at, valid_until)
    values (${pointId}, now() - interval '1 hour', 5, 1, false, 1, 1, false, 'matrix', ${asker.accountId}, now(),
      now() + interval '1 day')
    returning ratio_request_id as id`);
  return rows[0]!.id;
};
/** An exchange that something builds on, with a picture. */
const exchangeOf = async (pointId: number) => {
  const { rows } = await db.query<{ exchangeId: number; photoId: number }>(sql`
    with made as (
      insert into meter_exchange (point_id, at, old_meter_id, new_meter_id, new_serial, fitted_by, reason, made_by, made_at, made_meter)
      select point_id, now() - interval '1 hour', meter_id, meter_id, 'none', 'matrix', 'matrix', 'asker', now(), false
      from installation where point_id = ${pointId} and upper_inf(during) returning meter_exchange_id
    )
    insert into meter_exchange_photo (meter_exchange_id, file_name, media, sha256, bytes, added_by, added_at)
    select meter_exchange_id, 'a.jpg', 'image/jpeg', sha256('a'), '\\xffd8ff', 'asker', now() from made
    returning meter_exchange_id as "exchangeId", meter_exchange_photo_id as "photoId"`);
  return rows[0]!;
};
/** A change of a point that can be taken back. */
const pointChangeOf = async (pointId: number) =>
  (await changeAttributes(
    db,
    everywhere,
    { pointId, values: { approvedPowerW: 9_000 }, fromMs: clock.ms },
    { by: "asker", reason: "matrix", nowMs: clock.ms },
  ))!;
const pointChanges = { own: await pointChangeOf(own.pointId), other: await pointChangeOf(other.pointId) };
const exchanges = { own: await exchangeOf(own.pointId), other: await exchangeOf(other.pointId) };
const billedOf = async (pointId: number, branchId: number) => {
  const { rows } = await db.query<{ closeId: number; correctionId: number }>(sql`
    with close as (
      insert into billing_close (month, branch_id, reason, requested_by, requested_at)
      values ('2025-12-01', ${branchId}, 'matrix', 'somebody', now()) returning billing_close_id),
    kept as (
      insert into billing_value (billing_close_id, point_id, channel_id, month, energy, scale, expected, present, good, estimated, billable,
        basis, obis, unit, seen)
      select billing_close_id, ${pointId}, ${channelId}, '2025-12-01', 1, 0, 1, 1, 1, 1, true, 'intervals', '1-0:1.29.0*255', 'Wh', 1
      from close),
    ran as (
      insert into billing_run (month, run_at, run_by, looked_at, found) values ('2025-12-01', now(), 'somebody', 1, 1)
      returning billing_run_id)
    insert into billing_correction (billing_run_id, month, point_id, obis, kind, state, old_energy, new_energy, scale, unit, cause, found_at)
    select billing_run_id, '2025-12-01', ${pointId}, '1-0:1.29.0*255', 'held', 'waiting', 1, 2, 0, 'Wh', 'late-values', now() from ran
    returning (select billing_close_id from close) as "closeId", billing_correction_id as "correctionId"`);
  return rows[0]!;
};
const ofOwn = await billedOf(own.pointId, own.branchId);
const ofOther = await billedOf(other.pointId, other.branchId);
const billed = { own: ofOwn.closeId, other: ofOther.closeId };
const heldBack = { own: ofOwn.correctionId, other: ofOther.correctionId };
const erasureOf = (subscriberId: number) =>
  requestErasure(db, everywhere, subscriberId, { name: "asker", nowMs: clock.ms, reason: "matrix" });
const erasures = {
  own: await erasureOf(neighbours.own.subscriberId),
  other: await erasureOf(neighbours.other.subscriberId),
};
const requests = { own: await requestOf(own.pointId), other: await requestOf(other.pointId) };
const target = await person("target", "operator", own.branchId);
const foreign = await person(`target-${canary.toLowerCase()}`, "operator", other.branchId);
const grantOf = async (accountId: number) =>
  (await readGrants(db, { accountId, nowMs: clock.ms }))[0]!.grantId;

// One type, and one verification of each meter under the meter's own number, since one number stands for every parameter.
await db.query(sql`
  with added as (insert into meter_type (manufacturer, name) values ('AEM', 'CST') returning meter_type_id)
  insert into meter_type_version (meter_type_id, during, model, phases, connection, accuracy_class, index_digits, index_decimals,
    relay, load_profile, tariffs, reason, made_by)
  select meter_type_id, tstzrange(now() - interval '1 day', null), 'generic-dlms', 1, 'direct', 'B', 6, 2, true, true, 4, 'matrix', 'test'
  from added`);
await db.query(sql`
  insert into meter_verification (meter_verification_id, meter_id, verified_on, kind, passed, laboratory, document, made_by)
  overriding system value
  select meter_id, meter_id, '2026-01-01', 'first', false, 'matrix', 'matrix', 'test' from meter`);
await db.query(sql`alter sequence meter_verification_meter_verification_id_seq restart with 1000`);
await db.query(sql`
  insert into meter_test (meter_test_id, meter_id, during, reason, made_by) overriding system value
  select meter_id, meter_id, tstzrange('2026-01-01', null), 'matrix', 'test' from meter`);
await db.query(sql`alter sequence meter_test_meter_test_id_seq restart with 1000`);

const { rows: places } = await db.query<{ pointId: number; locationId: number }>(
  sql`select point_id as "pointId", location_id as "locationId" from point order by point_id`,
);
const locationOf = (pointId: number) => places.find((each) => each.pointId === pointId)!.locationId;
await db.query(sql`
  insert into location_fitting (location_fitting_id, location_id, kind, label, during, reason, made_by, put_by)
  overriding system value
  select location_id, location_id, 'breaker', 'F1', tstzrange('2025-01-01', null), 'matrix', 'test',
    case location_id when ${locationOf(other.pointId)}::int then ${canary} else '' end from location`);
await db.query(sql`alter sequence location_fitting_location_fitting_id_seq restart with 1000`);
const fieldOf = async (n: number, gatewayId: number, name: string) => {
  const act = { atMs: Date.UTC(2025, 0, 1), reason: name, by: "test" };
  const modemId = await addModem(db, { serial: `MD-${name}`, imei: null, type: "4G", note: "" });
  await placeModem(db, everywhere, modemId, { gatewayId }, act);
  const facts = { iccid: `894001123456789000${n}`, operator: name, apn: "", dataPlan: "", msisdn: "" };
  const simId = await addSim(db, facts, { ...act, state: "active" });
  await placeSim(db, everywhere, simId, modemId, act);
  return { modemId, simId };
};
const field = { own: await fieldOf(1, gateways.own, "own"), other: await fieldOf(2, gateways.other, canary) };

/** Objects by the parameter that names them, or `grantIds` in a body: one's own, the other branch's, and none. */
/** A finding and an edit of a branch's point, as validation and a person leave them. */
async function workOf(channel: number): Promise<{ findingId: number; editId: number }> {
  const { rows: found } = await db.query<{ id: number }>(sql`
    insert into finding (channel_id, day, count, rule, words, severity, since, changed_at, slots)
    values (${channel}, '2026-01-01', 1, 'V03', 'gap', 'F', now(), now(), '\x01') returning finding_id as id`);
  const { rows: edits } = await db.query<{ id: number }>(sql`
    insert into value_edit (channel_id, day, slots, v, energy, reason, comment, requested_by, requested_at, state)
    values (${channel}, '2026-01-01', 96, ${packDay(new Float64Array(96), new Uint16Array(96)).v}, 0, 'misreading', 'matrix',
      'somebody', now(), 'waiting') returning value_edit_id as id`);
  return { findingId: found[0]!.id, editId: edits[0]!.id };
}
const work = { own: await workOf(channelId), other: await workOf(otherChannelId) };
const objects: Readonly<Record<string, { own: number; other: number } | undefined>> = {
  pointId: { own: own.pointId, other: other.pointId },
  attemptId: attempts,
  requestId: requests,
  erasureId: erasures,
  closeId: billed,
  correctionId: heldBack,
  pointChangeId: pointChanges,
  exchangeId: { own: exchanges.own.exchangeId, other: exchanges.other.exchangeId },
  photoId: { own: exchanges.own.photoId, other: exchanges.other.photoId },
  gatewayId: gateways,
  groupId: groups,
  ruleId: peakRules,
  caseId: cases,
  taskId: tasks,
  findingId: { own: work.own.findingId, other: work.other.findingId },
  editId: { own: work.own.editId, other: work.other.editId },
  contractId: newest,
  subscriberId: { own: neighbours.own.subscriberId, other: neighbours.other.subscriberId },
  meterId: { own: own.meterId, other: other.meterId },
  locationId: { own: locationOf(own.pointId), other: locationOf(other.pointId) },
  modemId: { own: field.own.modemId, other: field.other.modemId },
  simId: { own: field.own.simId, other: field.other.simId },
  accountId: { own: target.accountId, other: foreign.accountId },
};
const nothing = 2_000_000_000;
const grants = { own: await grantOf(target.accountId), other: await grantOf(foreign.accountId) };

let devices = 0;
const newDevice = (branch: string[]) => {
  devices += 1;
  const serial = `77${devices}`;
  return {
    url: "dlms+tcp://127.0.0.1:1",
    identity: serial,
    model: "generic-dlms",
    manufacturer: "TST",
    serial,
    pod: `RO001NEW${serial}`,
    name: "New",
    address: "Str. Nouă 1",
    branch,
    phases: 1,
    ctRatio: "1",
    vtRatio: "1",
    primaryValues: false,
  };
};

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}
const texts = ["1", "abc", "2026-01-01", "a1-b2", "1-0:1.8.0*255"];

/** The smallest input that a schema lets through, so that a new operation needs no line here. */
function smallest(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return smallest(schema.anyOf[0]!);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, smallest(schema.properties![name]!)]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items!));
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default: {
      if (schema.format === "date-time") return "2026-01-01T00:00:00Z";
      const fits = texts.find((text) => new RegExp(schema.pattern ?? "", "u").test(text)) ?? "";
      return fits.padEnd(schema.minLength ?? 0, "1");
    }
  }
}

/** Inputs of operations for which the smallest says too little. */
type Which = "own" | "other" | "none";
const inputs: { readonly [Id in OperationId]?: (which: Which) => { query?: string; body?: object } } = {
  search: () => ({ query: "?q=zvancea" }),
  getLoadCurve: () => ({ query: `?channel=${channelId}&from=2026-01-01&to=2026-01-02` }),
  tellInterval: () => ({ query: `?channel=${channelId}&at=2026-01-01T05:00:00Z` }),
  tellRegister: () => ({
    query: `?serial=${read[0]!.serial}&obis=${encodeURIComponent("1-0:1.8.0*255")}&measuredAt=2026-01-01T00:00:00Z`,
  }),
  exportLoadCurve: () => ({ query: `?channel=${channelId}&from=2026-01-01&to=2026-01-02` }),
  readBillingOutlook: () => ({ query: "?month=2025-12-01" }),
  listBillingCorrections: () => ({ query: "?month=2025-12-01" }),
  exportBillingCorrections: () => ({ query: "?month=2025-12-01" }),
  runBillingCorrections: () => ({ body: { month: "2025-12-01", branchId: null } }),
  askBillingClose: () => ({ body: { month: "2025-11-01", branchId: own.branchId, reason: "matrix" } }),
  changePoint: () => ({
    body: { from: new Date(clock.ms).toISOString(), values: { isProtected: true }, reason: "matrix" },
  }),
  requestRatios: () => ({
    body: {
      ctRatio: "2",
      vtRatio: "1",
      primaryValues: false,
      from: new Date(clock.ms - 1_000).toISOString(),
      reason: "matrix",
    },
  }),
  startContract: () => ({
    body: {
      number: `N-${randomBytes(4).toString("hex")}`,
      from: new Date(clock.ms).toISOString(),
      subscriber: {
        kind: "household",
        number: `N-${randomBytes(4).toString("hex")}`,
        name: "N",
        phone: "",
        email: "",
        address: "",
      },
    },
  }),
  findSubjects: () => ({ query: "?q=zvancea" }),
  getReportTemplate: () => ({ query: `?key=balance&of=p${other.pointId}` }),
  ...Object.fromEntries(
    (["checkReport", "previewReport", "addReport", "changeReport"] as const).map((id) => [
      id,
      (which: Which) => ({
        body: {
          ...(id === "addReport" || id === "changeReport"
            ? { name: `R ${randomBytes(4).toString("hex")}`, about: "" }
            : {}),
          ...(id === "changeReport" ? { version: 1 } : {}),
          definition: {
            rows: "period",
            inputs: [
              {
                name: "A+",
                of: `p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}`,
                energy: "A+",
              },
            ],
            columns: [{ title: "A+", formula: "sum([A+])" }],
            period: { kind: "fixed", fromDay: "2026-01-01", toDay: "2026-01-02" },
            chart: "none",
          },
        },
      }),
    ]),
  ),
  ...Object.fromEntries(
    (["addReportSchedule", "changeReportSchedule"] as const).map((id) => [
      id,
      () => ({
        body: {
          every: "day",
          weekday: null,
          monthDay: null,
          minute: 60,
          format: "csv",
          recipients: ["a@example.ro"],
          folder: false,
          enabled: true,
        },
      }),
    ]),
  ),
  saveView: () => ({ body: { name: "V", page: "/an/peaks", search: {}, shared: false } }),
  tryMail: () => ({ body: { to: "a@example.ro" } }),
  ...Object.fromEntries(
    (
      ["Series", "Consumption", "Statistics", "Peaks", "MultiRate", "TariffAccount", "Values"] as const
    ).flatMap((report) => {
      const energy =
        report === "MultiRate"
          ? "&energies=A%2B&by=day"
          : report === "Statistics" || report === "TariffAccount"
            ? ""
            : "&energy=A%2B";
      const by = report === "Consumption" ? "&by=point" : "";
      const input = (which: Which) => ({
        query: `?of=p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}&from=2026-01-01&to=2026-01-02${energy}${by}`,
      });
      return [
        [report === "Values" ? "getValuesSize" : `get${report}`, input],
        [`export${report}`, input],
      ];
    }),
  ),
  ...Object.fromEntries(
    (["getWatchReport", "exportWatchReport"] as const).map((report) => [
      report,
      (which: Which) => ({
        query: `?of=p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}&from=2026-01-01&to=2026-01-02`,
      }),
    ]),
  ),
  compareTariffs: (which) => ({
    query: `?of=p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}&from=2026-01-01&to=2026-01-02`,
  }),
  queueDataExport: (which) => ({
    body: {
      of: `p${{ own: own.pointId, other: other.pointId, none: 100_000_000 }[which]}`,
      energy: "A+",
      from: "2026-01-01",
      to: "2026-01-02",
      format: "csv",
    },
  }),
  listPlannedWorks: () => ({ query: "?from=2026-01-01&to=2026-01-02" }),
  tryPeakRule: (which) => ({ body: { ...peakInput(which), days: 30 } }),
  addPeakRule: (which) => ({
    body: { ...peakInput(which), name: `matrix ${which}`, severity: "low", enabled: false },
  }),
  changePeakRule: (which) => ({
    body: {
      ...peakInput("own"),
      ...{ name: `rule ${which}`, severity: "low", enabled: false, seen: "2026-01-01T00:00:00Z" },
    },
  }),
  addPlannedWork: (which) => ({
    body: {
      of: `b${{ own: own.branchId, other: other.branchId, none: 100_000_000 }[which]}`,
      from: "2026-01-01T08:00:00Z",
      to: "2026-01-01T09:00:00Z",
      cause: "planned",
      reason: "matrix",
    },
  }),
  setVoltageLimits: () => ({
    body: {
      lowV: 207,
      highV: 253,
      wideLowV: 195.5,
      wideHighV: 253,
      sharePercent: 95,
      unflaggedPercent: 90,
      unbalancePercent: 2,
      validFrom: "2026-01-01",
      reason: "matrix",
    },
  }),
  ...Object.fromEntries(
    (["readImportColumns", "checkFieldImport", "createFieldImport"] as const).map((id) => [
      id,
      () => ({ body: { fileName: "a.csv", text: "nothing" } }),
    ]),
  ),
  importMeters: () => ({
    body: { text: "manufacturer;type;serial\nAEM;CST;1", apply: false, reason: "matrix" },
  }),
  changeLocation: () => ({
    body: {
      code: null,
      branchId: own.branchId,
      address: `Str. ${randomBytes(4).toString("hex")}`,
      note: "",
      latitude: null,
      longitude: null,
      reason: "matrix",
    },
  }),
  addFitting: () => ({
    body: {
      ...fittingOf({
        kind: "seal",
        number: randomBytes(4).toString("hex"),
        label: randomBytes(4).toString("hex"),
      }),
      at: "2026-01-01T00:00:00Z",
      putBy: "",
      replaces: false,
      reason: "matrix",
    },
  }),
  addModem: () => ({
    body: { serial: randomBytes(4).toString("hex"), imei: null, type: "4G", note: "", reason: "matrix" },
  }),
  importModems: () => ({ body: { text: "modem;type\nMD-own;4G", apply: false, reason: "matrix" } }),
  addSim: () => ({
    body: {
      iccid: `89400${randomBytes(6).readUIntBE(0, 6).toString().padStart(15, "0").slice(0, 14)}`,
      operator: "own",
      apn: "",
      dataPlan: "",
      msisdn: "",
      state: "stock",
      at: "2026-01-01T00:00:00Z",
      reason: "matrix",
    },
  }),
  changeModem: () => ({ body: { serial: "MD-own", imei: null, type: "4G", note: "", reason: "matrix" } }),
  placeModem: () => ({
    body: { gatewayId: null, meterId: null, at: "2026-01-01T00:00:00Z", reason: "matrix" },
  }),
  changeSim: () => ({
    body: {
      iccid: "8940011234567890001",
      operator: "own",
      apn: "",
      dataPlan: "",
      msisdn: "",
      reason: "matrix",
    },
  }),
  placeSim: () => ({ body: { modemId: null, at: "2026-01-01T00:00:00Z", reason: "matrix" } }),
  addMeterTest: () => ({
    body: { from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z", reason: "matrix" },
  }),
  endMeterTest: () => ({ body: { at: "2026-02-01T00:00:00Z", reason: "matrix" } }),
  addMeterVerification: () => ({
    body: {
      verifiedOn: "2026-02-01",
      kind: "periodic",
      passed: false,
      laboratory: "matrix",
      document: randomBytes(4).toString("hex"),
      validUntil: null,
      note: "",
    },
  }),
  editGroup: () => ({ body: { name: `PT ${randomBytes(4).toString("hex")}` } }),
  ...Object.fromEntries(
    ["getLosses", "exportLosses", "getGroupLosses", "exportGroupLosses", "getLossSuspects"].map((report) => [
      report,
      () => ({ query: "?from=2026-01-01&to=2026-01-02" }),
    ]),
  ),
  openCase: (which) => ({
    body: { groupId: which === "none" ? nothing : groups[which], note: "" },
  }),
  openFieldTask: (which) => ({
    body: { findingIds: [which === "none" ? nothing : work[which].findingId], kind: "look", note: "" },
  }),
  setRating: () => ({ body: { from: "2026-01-01T00:00:00Z", rating: null, reason: "matrix" } }),
  getGroupCurve: () => ({ query: "?from=2026-01-01&to=2026-01-02" }),
  createTrial: () => ({ body: { url: "dlms+tcp://127.0.0.1:1" } }),
  createDevice: () => ({ body: newDevice(["Argeș", "Pitești"]) }),
  createPerson: () => ({
    body: { name: `p${randomBytes(4).toString("hex")}`, displayName: "P", language: "ro" },
  }),
  changePerson: () => ({ body: { displayName: "Changed" } }),
  trySource: () => ({
    body: {
      secret: "secret",
      directory: {
        servers: ["ldap://127.0.0.1:1"],
        ca: "",
        bindDn: "cn=reader,dc=test",
        base: "dc=test",
        peopleFilter: "(objectClass=inetOrgPerson)",
        nameAttributes: ["uid"],
        idAttribute: "entryUUID",
        displayNameAttribute: "displayName",
        groups: "none",
        groupBase: "",
        memberAttribute: "member",
        membersOnly: false,
      },
    },
  }),
  handOverEffect: (which) => ({ query: `?to=${which === "none" ? nothing : gateways[which]}` }),
  adoptConcentrator: () => ({ body: { name: "MC-1", branchId: own.branchId } }),
  proposeSettings: () => ({
    body: { settings: [{ setting: "schedule.scanEverySeconds", value: 3_600 }], reason: "matrix" },
  }),
  acceptExchange: () => ({
    body: { oldDevice: 16, newDevice: 17, at: "2026-01-01T00:00:00Z", reason: "matrix" },
  }),
  retireConcentrator: () => ({ body: { reason: "matrix" } }),
  setGroupPlan: () => ({ body: { planId: null, dryRun: true, reason: "matrix" } }),
  endGroupPlan: () => ({ body: { dryRun: true, reason: "matrix" } }),
  endPointPlan: () => ({ body: { reason: "matrix" } }),
  setPointPlan: () => ({ body: { planId: null, reason: "matrix" } }),
  exportKeyFile: () => ({ body: { recipients: [`age1${"q".repeat(58)}`] } }),
  importKeyFile: () => ({ body: { file: "AAAA" } }),
  reviewGrants: (which) => ({ body: { grantIds: [which === "none" ? nothing : grants[which]] } }),
  endGrants: (which) => ({ body: { grantIds: [which === "none" ? nothing : grants[which]] } }),
  beginSeeAs: (which) => ({
    body: { accountId: which === "none" ? nothing : which === "own" ? target.accountId : foreign.accountId },
  }),
};
/** Operations that name their object elsewhere than in the path. */
const besidePath: ReadonlySet<string> = new Set([
  ...["getWatchReport", "exportWatchReport", "addPlannedWork", "addPeakRule", "tryPeakRule"],
  ...["reviewGrants", "endGrants", "beginSeeAs", "openCase", "openFieldTask"],
  ...["compareTariffs", "queueDataExport", "getValuesSize", "exportValues"],
  ...["Series", "Consumption", "Statistics", "Peaks", "MultiRate", "TariffAccount"].flatMap((report) => [
    `get${report}`,
    `export${report}`,
  ]),
]);
/** What is done to the network as a whole, whatever the page. */
const wholeNetworkOnly: ReadonlySet<string> = new Set(["startSampleNetwork"]);

interface Row {
  readonly operationId: OperationId;
  readonly operation: Operation;
}
const operations: Row[] = (Object.keys(contract) as OperationId[])
  .map((operationId) => ({ operationId, operation: contract[operationId] as Operation }))
  .filter(({ operation }) => isRight(operation.action));

const parameterOf = ({ url }: Operation) => Object.keys(objects).find((name) => url.includes(`:${name}`));

async function call({ operationId, operation }: Row, role: ReadyRole | undefined, which: Which) {
  const parameter = parameterOf(operation);
  const object = parameter === undefined ? undefined : objects[parameter];
  const id = which === "none" || !object ? nothing : object[which];
  const made = inputs[operationId]?.(which) ?? {};
  const body = made.body ?? (operation.body ? (smallest(operation.body as Schema) as object) : undefined);
  const answer = await app.inject({
    method: operation.method,
    url: `/api${operation.url
      .replace(":format", "csv")
      .replace(/:report\b/, "continuity")
      .replaceAll(/:\w+/g, String(id))}${made.query ?? ""}`,
    headers: { host, origin, cookie: people.get(role)!.cookie, "x-csrf-token": "csrf" },
    ...(body === undefined ? {} : { payload: body }),
  });
  if (answer.statusCode === 400)
    throw new Error(`${operationId} needs an input in this test's table: ${answer.body}`);
  return answer;
}

const withoutReference = (body: string) => ({ ...JSON.parse(body), reference: "" });

test.each(operations)("$operationId asks for its right, and knows only one's own branch", async (row) => {
  const { operationId, operation } = row;
  const { action } = operation;
  if (!isRight(action)) throw new Error("only rights here");
  let held = 0;
  for (const role of roles) {
    const rights = rightsOf(people.get(role)!.grants);
    if (!can(rights, action, "any").allow) {
      // The refusal comes before the object is looked for: of one's own branch for one role, of the other for the next.
      const which = roles.indexOf(role) % 2 === 0 ? "own" : "other";
      const answer = await call(row, role, which);
      expect([role, answer.statusCode, answer.json().code, answer.json().action, answer.json().ask]).toEqual([
        role,
        403,
        "right.missing",
        action,
        expect.arrayContaining(["Ana Vior"]),
      ]);
      continue;
    }
    held += 1;
    // A stream does not end by itself: what it tells is tried in stream.test.ts.
    if (operation.media === "text/event-stream") continue;
    const isAboutObject = parameterOf(operation) !== undefined || besidePath.has(operationId);
    const absent = isAboutObject ? await call(row, role, "none") : undefined;
    if (absent) {
      const theirs = await call(row, role, "other");
      expect([role, theirs.statusCode]).toEqual([role, 404]);
      expect(withoutReference(theirs.body)).toEqual(withoutReference(absent.body));
    }
    const answer = await call(row, role, "own");
    if (wholeNetworkOnly.has(operationId)) expect(answer.json().code).toBe("right.missing");
    // Sums of a group tell of points of others: who sees only a supplier's points sees none.
    else if (isAboutObject && !(role === "supplier" && operation.url.includes(":groupId")))
      expect([role, answer.statusCode]).not.toEqual([role, 404]);
    if (!wholeNetworkOnly.has(operationId)) expect([role, answer.statusCode]).not.toEqual([role, 403]);
    expect([role, answer.statusCode < 500]).toEqual([role, true]);
    expect(answer.body.toLowerCase()).not.toContain(canary.toLowerCase());
    expect(answer.body.toLowerCase()).not.toContain("zvancea");
    if (operationId === "addMeterTest")
      await db.query(sql`delete from meter_test where meter_test_id >= 1000`);
    if (operationId === "endMeterTest" || operationId === "withdrawMeterTest")
      await db.query(sql`
        update meter_test set during = tstzrange(lower(during), null), withdrawn_by = null, withdrawn_at = null, withdrawn_why = null
        where meter_test_id = ${own.meterId}::int`);
    if (operationId === "withdrawMeterVerification")
      await db.query(sql`
        update meter_verification set withdrawn_by = null, withdrawn_at = null, withdrawn_why = null
        where meter_verification_id = ${own.meterId}::int`);
    if (operationId === "withdrawFitting")
      await db.query(
        sql`update location_fitting set withdrawn_by = null, withdrawn_at = null, withdrawn_why = null`,
      );
    // What is entered is taken back, what is taken back is entered anew: the next role finds the same.
    if (operationId === "startContract" && answer.statusCode === 201)
      await takeBackContract(db, everywhere, answer.json().contractId);
    if (operationId === "takeBackContract" && answer.statusCode === 204)
      newest.own = (await moveIn(own.pointId, "Ionescu Maria")).contractId;
    if (operationId === "removePeakRule") await db.query(sql`update peak_rule set removed_at = null`);
    if (operationId === "removeGroup") await db.query(sql`update point_group set removed_at = null`);
    if (operationId === "beginSeeAs") await db.query(sql`update session set seen_as = null`);
  }
  // What no role holds for a branch is for the whole network alone, which the next test looks at.
  if (held === 0) expect(can(rightsOf(people.get("administrator")!.grants), action, "any").allow).toBe(false);
});

const theirs = {
  ...{ branch: other.branchId, point: other.pointId, meter: other.meterId, channel: otherChannelId },
  ...{ group: groups.other, location: locationOf(other.pointId), gateway: gateways.other },
  ...{ modem: field.other.modemId, subscriber: neighbours.other.subscriberId, finding: work.other.findingId },
  ...{ case: cases.other, task: tasks.other },
};
const nobodys = Object.fromEntries(Object.keys(theirs).map((name) => [name, 100_000_000])) as typeof theirs;
const now = new Date(clock.ms).toISOString();
const act = { at: "2026-02-01T00:00:00Z", reason: "matrix" };
/** What bodies and queries name beside the path. */
const named: readonly (readonly [title: string, url: string, of: (id: typeof theirs) => string | object])[] =
  [
    ...(["series", "statistics", "values"] as const).flatMap((report) =>
      (["group", "branch", "meter"] as const).map(
        (kind) =>
          [
            `${report} of a ${kind}`,
            `GET /analysis/${report}`,
            (id: typeof theirs) =>
              `?of=${kind[0]}${id[kind]}&from=2026-01-01&to=2026-01-02${report === "statistics" ? "" : "&energy=A%2B"}`,
          ] as const,
      ),
    ),
    ...(["branch", "point", "gateway", "case", "finding"] as const).map(
      (kind) =>
        [
          `field tasks of a ${kind}`,
          "GET /field-tasks",
          (id: typeof theirs) => `?${kind}=${id[kind]}`,
        ] as const,
    ),
    ...(
      [
        ["a point", (id) => ({ pointId: id.point })],
        ["a concentrator", (id) => ({ gatewayId: id.gateway })],
        ["a loss case", (id) => ({ caseId: id.case })],
        ["a finding", (id) => ({ findingIds: [id.finding] })],
      ] as const satisfies readonly (readonly [string, (id: typeof theirs) => object])[]
    ).map(
      ([what, source]) =>
        [
          `somebody goes to ${what}`,
          "POST /field-tasks",
          (id: typeof theirs) => ({ ...source(id), kind: "look", note: "" }),
        ] as const,
    ),
    [
      "a field task is for a finding of another",
      `PATCH /field-tasks/${tasks.own}`,
      (id) => ({ findingIds: [id.finding], note: "" }),
    ],
    ["points of a branch", "GET /points", (id) => `?branch=${id.branch}`],
    ["locations of a branch", "GET /locations", (id) => `?branch=${id.branch}`],
    ["groups of a branch", "GET /groups", (id) => `?branch=${id.branch}`],
    [
      "a point is moved to a location",
      `POST /points/${own.pointId}/changes`,
      (id) => ({ from: now, values: { locationId: id.location }, reason: "matrix" }),
    ],
    [
      "a point is checked by another's meter",
      `POST /points/${own.pointId}/changes`,
      (id) => ({ from: now, values: { checkPointId: id.point }, reason: "matrix" }),
    ],
    [
      "a location is given to a branch",
      `POST /locations/${locationOf(own.pointId)}/changes`,
      (id) => ({ ...newPlace, branchId: id.branch, reason: "matrix" }),
    ],
    [
      "a location is made in a branch",
      "POST /locations",
      (id) => ({ ...newPlace, branchId: id.branch, reason: "matrix" }),
    ],
    [
      "a group is made in a branch",
      "POST /groups",
      (id) => ({ kind: "free", name: "matrix", branchId: id.branch }),
    ],
    [
      "a group is made below another",
      "POST /groups",
      (id) => ({
        kind: "riser",
        name: "matrix",
        branchId: own.branchId,
        parentId: id.group,
        from: "2026-01-01T00:00:00Z",
      }),
    ],
    [
      "a group is hung below another",
      `PUT /groups/${groups.own}/parent`,
      (id) => ({ parentId: id.group, from: "2026-01-01T00:00:00Z", reason: "matrix" }),
    ],
    [
      "a group is given a point",
      `POST /groups/${groups.own}/change-previews`,
      (id) => ({
        side: "members",
        mode: "add",
        from: "2026-01-01T00:00:00Z",
        points: [{ pointId: id.point }],
      }),
    ],
    [
      "somebody known moves in",
      `POST /points/${own.pointId}/contracts`,
      (id) => ({ number: "N-named", from: now, subscriberId: id.subscriber }),
    ],
    [
      "a month of a branch is closed",
      "POST /billing/closings",
      (id) => ({ month: "2025-11-01", branchId: id.branch, reason: "matrix" }),
    ],
    [
      "a modem serves a concentrator",
      `POST /modems/${field.own.modemId}/placements`,
      (id) => ({ ...act, gatewayId: id.gateway, meterId: null }),
    ],
    [
      "a modem serves a meter",
      `POST /modems/${field.own.modemId}/placements`,
      (id) => ({ ...act, gatewayId: null, meterId: id.meter }),
    ],
    [
      "a card sits in a modem",
      `POST /sims/${field.own.simId}/placements`,
      (id) => ({ ...act, modemId: id.modem }),
    ],
    [
      "a value is edited",
      "POST /validation/edits",
      (id) => ({
        ...{ channelId: id.channel, day: "2026-01-01", kind: "values", values: [{ slot: 0, value: 1 }] },
        ...{ reason: "misreading", comment: "matrix" },
      }),
    ],
  ];
const newPlace = { code: null, address: "Str. Nouă 9", note: "", latitude: null, longitude: null };

test.each(named)("%s: what is the other branch's is like what there is not", async (_, url, of) => {
  const [method, path] = url.split(" ") as ["GET" | "POST" | "PUT", string];
  const headers = { host, origin, cookie: people.get("administrator")!.cookie, "x-csrf-token": "csrf" };
  const ask = async (id: typeof theirs) => {
    const input = of(id);
    const query = typeof input === "string" ? input : "";
    const answer = await app.inject({
      ...{ method, url: `/api${path}${query}`, headers },
      ...(typeof input === "string" ? {} : { payload: input }),
    });
    return { status: answer.statusCode, body: { ...withoutReference(answer.body), token: "" } };
  };
  const [foreignOne, absent] = [await ask(theirs), await ask(nobodys)];
  expect(foreignOne).toEqual(absent);
  if (method !== "GET" && !path.endsWith("previews"))
    expect(absent.body.code).toMatch(/not-found$|check-unknown$/);
  expect(JSON.stringify(foreignOne.body).toLowerCase()).not.toMatch(/zv[âa]ncea/);
});

test("what the other branch's own people see is there, so that its absence above says something", async () => {
  const found = await app.inject({
    url: "/api/points",
    headers: { host, cookie: foreign.cookie },
  });
  expect(found.json()).toMatchObject({ total: 1, rows: [{ pod: "RO001ZVANCEA002" }] });
  const branches = [...(await readBranches(db)).values()];
  expect(branches.map(({ path }) => path.join("/"))).toContain(`Vâlcea/${canary}`);
});

test("alarms of the other branch are not listed, counted or acknowledged", async () => {
  const headers = { host, origin, cookie: people.get("operator")!.cookie, "x-csrf-token": "csrf" };
  const listed = (await app.inject({ url: "/api/alarms", headers })).json();
  expect([listed.total, listed.counts.critical, listed.rows[0].deviceId]).toEqual([1, 1, own.deviceId]);
  const { rows: events } = await db.query<{ deviceId: number; at: number; code: string; seq: number }>(
    sql`select device_id as "deviceId", at, code, seq from event where code = 'idis:40'`,
  );
  const answer = await app.inject({
    method: "POST",
    url: "/api/alarms/acknowledgements",
    headers,
    payload: { alarms: events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })) },
  });
  const { rows: acknowledged } = await db.query(sql`select device_id as id from event_acknowledgement`);
  expect([answer.json(), acknowledged]).toEqual([{ acknowledged: 1 }, [{ id: own.deviceId }]]);
});

test("a device is added below one's own branch, and elsewhere a branch of others is like one that is not there", async () => {
  const add = (branch: string[]) =>
    app.inject({
      method: "POST",
      url: "/api/devices",
      headers: { host, origin, cookie: people.get("technician")!.cookie, "x-csrf-token": "csrf" },
      payload: newDevice(branch),
    });
  expect((await add(["Argeș", "Pitești", "PT 9"])).statusCode).toBe(201);
  const theirs = await add(["Vâlcea", canary]);
  const absent = await add(["Nowhere"]);
  expect([theirs.statusCode, theirs.json().code]).toEqual([403, "right.missing"]);
  expect(withoutReference(theirs.body)).toEqual(withoutReference(absent.body));
  // A point of theirs that has no meter now cannot be taken over.
  await db.query(
    sql`update installation set during = tstzrange(lower(during), now(), '[)') where point_id = ${other.pointId}`,
  );
  const answer = await app.inject({
    method: "POST",
    url: "/api/devices",
    headers: { host, origin, cookie: people.get("technician")!.cookie, "x-csrf-token": "csrf" },
    payload: { ...newDevice(["Argeș", "Pitești"]), pod: "RO001ZVANCEA002" },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([409, "device.exists"]);
});

/** Pages whose operations are being built. */
const coming = new Set(["communications"]);

test("every right of the catalogue is asked for by an operation", () => {
  const asked = new Set(Object.values(contract).map(({ action }) => action as string));
  expect(everyRight.filter((right) => !asked.has(right) && !coming.has(pageOf(right)))).toEqual([]);
});
