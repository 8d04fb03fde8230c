import type { EpochMs } from "@energsys/protocols";
import { encodeDevicesBody, encodeEventsBody } from "./bodies.ts";
import type { Database } from "./database.ts";
import { type Device, type DeviceState, deviceStates } from "./edge.ts";
import { entryKinds, type SqliteJournal } from "./journal.ts";
import type { PastDevice, PastExchange } from "./past.ts";
import type { LocalTime } from "./zone.ts";

/** Numbers below are the concentrator's own. */
const firstLogicalDevice = 16;
const lastLogicalDevice = 4095;
/** The state of a meter that the centre has heard of is `known` again. */
const passing: readonly DeviceState[] = ["new", "moved"];
const stateNames = Object.keys(deviceStates) as DeviceState[];

export type Seen = Pick<Device, "name" | "kind" | "model" | "line" | "address" | "module" | "input"> & {
  readonly output?: boolean;
};
export type Change = { readonly code: number; readonly device: Device; readonly detail: string };

interface Settings {
  /** What a meter with a line of its own claimed to be when it was found; empty when it says nothing. */
  identity?: string;
  commanded?: boolean;
  output?: boolean;
  /** Newest number of its event ring that is in the journal. */
  ring?: number;
  /** Number of starts, and how much of its profile is in the journal. */
  starts?: number;
  profileToMs?: EpochMs;
  eventsToMs?: EpochMs;
  whPerPulse?: string;
  count?: number;
  inputState?: number;
  contacts?: number;
}

export const eventCodes = {
  newMeter: 0x0301,
  missing: 0x0302,
  back: 0x0303,
  moved: 0x0304,
  exchanged: 0x0305,
  oneAddress: 0x0306,
} as const;

/** The topology: a row per meter and module that was ever seen, with a number that is never given to another. */
export class Devices {
  readonly #journal: SqliteJournal;
  readonly #time: LocalTime;
  readonly #now: () => EpochMs;
  readonly #byNumber = new Map<number, Device>();
  readonly #byName = new Map<string, number>();
  readonly #settings = new Map<number, Settings>();
  readonly #reported = new Map<number, number>();
  readonly #insert;

  constructor(database: Database, journal: SqliteJournal, time: LocalTime, now: () => EpochMs) {
    this.#journal = journal;
    this.#time = time;
    this.#now = now;
    this.#insert = database.sqlite.prepare(
      "insert or replace into device values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const row of database.sqlite.prepare("select * from device order by logical_device").all()) {
      const found = row as Record<string, string | number>;
      const settings: Settings = JSON.parse(found.settings as string);
      this.#settings.set(found.logical_device as number, settings);
      this.#reported.set(found.logical_device as number, found.reported as number);
      this.#hold({
        logicalDevice: found.logical_device as number,
        name: found.name as string,
        kind: found.kind as Device["kind"],
        model: found.model as string,
        line: found.line as string,
        address: found.address as string,
        module: found.module as number,
        input: found.input as number,
        state: stateNames[found.state as number]!,
        lastContactMs: found.contact_ms as number,
        ...(settings.commanded === undefined ? {} : { commanded: settings.commanded }),
        ...(settings.output === undefined ? {} : { output: settings.output }),
      });
    }
    journal.onTaken((taken) => this.#taken(taken));
  }

  all(): readonly Device[] {
    return [...this.#byNumber.values()];
  }

  find(logicalDevice: number): Device | undefined {
    return this.#byNumber.get(logicalDevice);
  }

  findNamed(name: string): Device | undefined {
    return this.#byNumber.get(this.#byName.get(name) ?? 0);
  }

  /** Who is at a place by what was last seen there. */
  findAt(line: string, address: string, input = 0): Device | undefined {
    return this.all().find(
      (device) =>
        device.line === line &&
        device.address === address &&
        device.input === input &&
        device.state !== "exchanged" &&
        device.state !== "removed",
    );
  }

  settings(logicalDevice: number): Readonly<Settings> {
    return this.#settings.get(logicalDevice) ?? {};
  }

  /** Keeps something about a device that changes often; written at once, without an entry of the journal. */
  set(logicalDevice: number, changes: Settings): void {
    const device = this.#byNumber.get(logicalDevice);
    if (!device) return;
    this.#settings.set(logicalDevice, { ...this.settings(logicalDevice), ...changes });
    const { commanded, output } = changes;
    this.#write({
      ...device,
      ...(commanded === undefined ? {} : { commanded }),
      ...(output === undefined ? {} : { output }),
    });
  }

  /**
   * A device was seen at a place. Gives the changes that are news, which the caller reports; the journal has the row already.
   * @throws RangeError when every number is used up
   */
  seen(seen: Seen): { readonly device: Device; readonly changes: readonly Change[] } {
    const changes: Change[] = [];
    const before = this.findNamed(seen.name);
    const there = this.findAt(seen.line, seen.address, seen.input);
    const lastContactMs = this.#now();
    let device: Device;
    let state: DeviceState = before?.state ?? "new";
    const place = `${seen.line} ${seen.address}${seen.input ? ` input ${seen.input}` : ""}`;
    const moved =
      before && (before.line !== seen.line || before.address !== seen.address || before.input !== seen.input);
    if (before && state === "missing") state = "known";
    if (moved || state === "exchanged" || state === "removed") state = before ? "moved" : state;
    device = {
      ...before,
      ...seen,
      logicalDevice: before?.logicalDevice ?? this.#next(),
      state,
      lastContactMs,
    };
    if (there && there.name !== seen.name) {
      const gone: Device = { ...there, state: "exchanged" };
      this.#write(gone);
      changes.push({
        code: eventCodes.exchanged,
        device: gone,
        detail: `${place}: ${there.name}, now ${seen.name}`,
      });
    }
    const told = !before || before.state !== state || before.model !== seen.model || moved;
    this.#write(device);
    if (!before) changes.push({ code: eventCodes.newMeter, device, detail: `${seen.name} at ${place}` });
    else if (state === "moved" && before.state !== "moved")
      changes.push({ code: eventCodes.moved, device, detail: `${seen.name} to ${place}` });
    else if (before.state === "missing")
      changes.push({ code: eventCodes.back, device, detail: `${seen.name} at ${place}` });
    if (told) this.#report([...changes.map(({ device: changed }) => changed), device]);
    device = this.find(device.logicalDevice)!;
    return { device, changes };
  }

  /** Takes over the devices of another concentrator under their numbers, as known, in one entry. */
  bring(devices: readonly PastDevice[]): void {
    const lastContactMs = this.#now();
    if (devices.length > 0)
      this.#report(
        devices.map((past): Device => ({ ...this.#brought(past), state: "known", lastContactMs })),
      );
  }

  /** Takes over that a meter was found in the place of another one, with the events that were told of it then. */
  bringExchange({ old, seenMs, device: past }: PastExchange): void {
    const there = this.find(old);
    if (!there) throw new RangeError(`no device ${old}`);
    const gone: Device = { ...there, state: "exchanged" };
    const device: Device = { ...this.#brought(past), state: "new", lastContactMs: this.#now() };
    this.#report([gone, device], seenMs);
    const place = `${gone.line} ${gone.address}${gone.input ? ` input ${gone.input}` : ""}`;
    for (const [code, detail] of [
      [eventCodes.exchanged, `${place}: ${gone.name}, now ${device.name}`],
      [eventCodes.newMeter, `${device.name} at ${place}`],
    ] as const) {
      const body = encodeEventsBody([{ atMs: seenMs, code, sequence: 0, detail }], this.#time);
      this.#journal.append([
        { logicalDevice: 1, kind: entryKinds.events, body, fromMs: seenMs, writtenMs: seenMs },
      ]);
    }
  }

  #brought({ whPerPulse, profileToMs, ...seen }: PastDevice) {
    this.#settings.set(seen.logicalDevice, {
      ...(whPerPulse === undefined ? {} : { whPerPulse }),
      ...(profileToMs === undefined ? {} : { profileToMs }),
    });
    return seen;
  }

  /** Silent for longer than a passing fault. */
  miss(logicalDevice: number): Change | undefined {
    const device = this.find(logicalDevice);
    if (!device || device.state === "missing" || device.state === "exchanged" || device.state === "removed")
      return undefined;
    const missing: Device = { ...device, state: "missing" };
    this.#write(missing);
    this.#report([missing]);
    return {
      code: eventCodes.missing,
      device: missing,
      detail: `${device.name} at ${device.line} ${device.address}`,
    };
  }

  #report(devices: readonly Device[], writtenMs?: EpochMs): void {
    const once = [...new Map(devices.map((device) => [device.logicalDevice, device])).values()];
    const number = this.#journal.append([
      {
        logicalDevice: 1,
        kind: entryKinds.meters,
        body: encodeDevicesBody(once, this.#time),
        ...(writtenMs === undefined ? {} : { writtenMs }),
      },
    ]);
    for (const device of once) {
      this.#reported.set(device.logicalDevice, number);
      this.#write(device);
    }
  }

  #taken(taken: number): void {
    for (const device of this.all()) {
      const reported = this.#reported.get(device.logicalDevice) ?? 0;
      if (passing.includes(device.state) && reported > 0 && reported <= taken)
        this.#write({ ...device, state: "known" });
    }
  }

  #next(): number {
    const number = Math.max(firstLogicalDevice - 1, ...this.#byNumber.keys()) + 1;
    if (number > lastLogicalDevice) throw new RangeError("every logical device number was given");
    return number;
  }

  #hold(device: Device): void {
    this.#byNumber.set(device.logicalDevice, device);
    this.#byName.set(device.name, device.logicalDevice);
  }

  #write(device: Device): void {
    this.#hold(device);
    this.#insert.run(
      device.logicalDevice,
      device.name,
      device.kind,
      device.model,
      device.line,
      device.address,
      device.module,
      device.input,
      deviceStates[device.state],
      Math.round(device.lastContactMs),
      this.#reported.get(device.logicalDevice) ?? 0,
      JSON.stringify(this.settings(device.logicalDevice)),
    );
  }
}
