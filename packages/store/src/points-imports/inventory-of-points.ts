import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import type { InventoryPoint } from "../inventory.ts";
import { openLocations, openPoints, podHashes } from "../personal/place-of-point.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";

/** A point as an inventory has it, with its number. Secrets of its device stay where they are. */
export type KnownPoint = InventoryPoint & { readonly pointId: number };

/** Points of these codes that are there, with the meter that stands at them and its device, as `importInventory` would write them. */
export async function readInventoryPoints(
  db: Queryable,
  ring: KeyRing,
  pods: readonly string[],
): Promise<ReadonlyMap<string, KnownPoint>> {
  const hashes = await podHashes(ring, pods);
  const [{ rows }, branches] = await Promise.all([
    db.query<{
      pointId: number;
      sealed: Buffer | null;
      locationId: number;
      place: Buffer | null;
      branchId: number;
      phases: 1 | 3;
      direction: "import" | "export" | "both";
      approvedPowerW: number | null;
      serial: string | null;
      manufacturer: string;
      model: string;
      meterPhases: 1 | 3;
      maxCurrentA: string | null;
      indexDigits: number;
      installedAt: number;
      ctRatio: string;
      vtRatio: string;
      primaryValues: boolean;
      identity: string | null;
      deviceModel: string;
      url: string;
      calls: "dial" | "call-in";
    }>(sql`
      select point.point_id as "pointId", point.sealed, location_id as "locationId", location.sealed as place, branch_id as "branchId",
        point.phases, point.direction, approved_power_w as "approvedPowerW", serial, manufacturer, meter.model,
        meter.phases as "meterPhases", trim_scale(max_current_a)::text as "maxCurrentA", index_digits as "indexDigits",
        lower(during) as "installedAt", trim_scale(ct_ratio)::text as "ctRatio", trim_scale(vt_ratio)::text as "vtRatio",
        primary_values as "primaryValues", device.identity, device.model as "deviceModel", device.url, device.direction as calls
      from point join location using (location_id)
      left join installation on installation.point_id = point.point_id and upper_inf(during) left join meter using (meter_id)
      left join device on device.meter_id = meter.meter_id
      where pod_hash = any(${hashes}::bytea[])`),
    readBranches(db),
  ]);
  const [names, places] = await Promise.all([
    openPoints(ring, rows),
    openLocations(
      ring,
      rows.map(({ locationId, place }) => ({ locationId, sealed: place })),
    ),
  ]);
  return new Map(
    rows.map((row, nth) => {
      const { latitude, longitude, address } = places[nth]!;
      const { pod, name } = names[nth]!;
      return [
        pod,
        {
          pointId: row.pointId,
          pod,
          name,
          address,
          branch: branches.get(row.branchId)?.path ?? [],
          ...(latitude === null || longitude === null ? {} : { latitude, longitude }),
          phases: row.phases,
          direction: row.direction,
          ...(row.approvedPowerW === null ? {} : { approvedPowerW: row.approvedPowerW }),
          meter: {
            serial: row.serial ?? "",
            manufacturer: row.manufacturer ?? "",
            model: row.model ?? "",
            phases: row.meterPhases ?? row.phases,
            ...(row.maxCurrentA === null ? {} : { maxCurrentA: Number(row.maxCurrentA) }),
            ...(row.indexDigits === null ? {} : { indexDigits: row.indexDigits }),
          },
          installedAt: row.serial === null ? "" : new Date(row.installedAt).toISOString(),
          ctRatio: row.ctRatio ?? "1",
          vtRatio: row.vtRatio ?? "1",
          primaryValues: row.primaryValues ?? false,
          device: {
            identity: row.identity ?? "",
            model: row.deviceModel ?? "",
            url: row.url ?? "",
            direction: row.calls ?? "dial",
          },
        },
      ];
    }),
  );
}
