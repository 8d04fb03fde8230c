import { errorCode, readDevice, type TcpLine } from "@energsys/drivers";
import { gatewayIdentity } from "@energsys/metering";
import type { Clock } from "@energsys/protocols";
import {
  actingAs,
  appendActs,
  type Database,
  type DeviceCertificate,
  findDeviceByIdentity,
  findGateway,
  identityInClear,
  type KeyRing,
  type LinkLease,
  makeDue,
  mayCallFrom,
  processActor,
  recordAnnouncement,
  recordCertificateUse,
  recordSystemEvent,
  releaseLinks,
  takeLinks,
} from "@energsys/store";
import type { Logger } from "pino";
import { CallInLine } from "./call-in-line.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { DeviceTls } from "./device-tls.ts";
import { HeadendError } from "./errors.ts";
import { findAnnouncement, storeGatewayPush } from "./gateway/notification.ts";
import { Quarantine } from "./gateway/quarantine.ts";
import type { Limits } from "./limits.ts";
import { CallListener, type Refusal } from "./listener.ts";
import { type PlainCallers, parsePlainCallers, plainCallersByDefault } from "./plain-callers.ts";
import { storePush } from "./push.ts";
import type { Registration } from "./registration.ts";

export interface CallInsOptions {
  readonly db: Database;
  /** Opens the keys of ciphered pushes. */
  readonly keyRing?: KeyRing;
  readonly zone: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: Limits;
  readonly owner: string;
  readonly leaseSeconds: number;
  readonly queue: DeliveryQueue;
  readonly listen?: string;
  /** Where devices call that show certificates, `host:port`; needs the keys. */
  readonly listenTls?: string;
  /** From where concentrators are taken that neither show a certificate nor call from their tunnel. */
  readonly plainCallers?: PlainCallers;
  readonly sharedAddresses?: readonly string[];
  /** A line can be read now. */
  readonly onReady: () => void;
}

/** System events of callers that are no device of ours hang on nobody. */
const nobody = 0;
const toldAgainMs = 600_000;
const toldMax = 10_000;

/**
 * The devices that call in. One identity has one line. Who has proven the identity, by a certificate or by calling from the device's own tunnel,
 * takes the place of an older line at once: a modem that lost its session has no other way to say so. Who only claims it is refused
 * while the older line still answers, and takes its place when it does not (a line that broke without a word).
 */
export class CallIns {
  readonly #options: CallInsOptions;
  readonly #lines = new Map<number, CallInLine>();
  readonly #arriving = new Set<string>();
  readonly #releases = new WeakMap<CallInLine, Promise<void>>();
  readonly #listeners: CallListener[] = [];
  #tls: DeviceTls | undefined;
  /** Of the lines that stand on a certificate: which. */
  readonly #certificates = new Map<TcpLine, DeviceCertificate>();
  readonly #plainCallers: PlainCallers;
  #stopping = false;
  /** Callers sent away since the start, by code. */
  readonly refused = new Map<string, number>();
  readonly #told = new Map<string, number>();
  readonly quarantine: Quarantine;
  /** Concentrators whose journal holds more than is stored. */
  readonly drainsWanted = new Set<number>();

  constructor(options: CallInsOptions) {
    this.#options = options;
    this.quarantine = new Quarantine(options.db, options.clock);
    this.#plainCallers = options.plainCallers ?? parsePlainCallers(plainCallersByDefault);
  }

  /** Addresses that are listened on. @throws HeadendError `headend.tls-without-keys`; Error when an address is taken */
  async start(): Promise<{ readonly listen: string | undefined; readonly listenTls: string | undefined }> {
    const { listen, listenTls, db, keyRing, clock } = this.#options;
    if (listenTls !== undefined) {
      if (!keyRing) throw new HeadendError("headend.tls-without-keys", "there is no master key");
      this.#tls = new DeviceTls(db, keyRing, () => clock.now());
      await this.#tls.refresh();
    }
    return {
      listen: listen === undefined ? undefined : await this.#listen(listen, undefined),
      listenTls: listenTls === undefined ? undefined : await this.#listen(listenTls, this.#tls),
    };
  }

  #listen(address: string, tls: DeviceTls | undefined): Promise<string> {
    const { clock, limits, log, sharedAddresses } = this.#options;
    const colon = address.lastIndexOf(":");
    const listener = new CallListener({
      host: address.slice(0, colon).replace(/^\[(.*)\]$/, "$1"),
      port: Number(address.slice(colon + 1)),
      clock,
      limits,
      ...(tls ? { tls } : {}),
      sharedAddresses: sharedAddresses ?? ["127.0.0.1", "::1", "::ffff:127.0.0.1"],
      onRegistration: (line, registration, certificate) => {
        this.#arrive(line, registration, certificate).catch((error: unknown) => {
          log.warn({ code: errorCode(error), err: error }, "caller not admitted");
          line.close();
        });
      },
      onRefused: (refusal) => {
        this.#refusedEarly(refusal).catch((error: unknown) => {
          log.warn({ code: errorCode(error), err: error }, "refusal not written");
        });
      },
    });
    this.#listeners.push(listener);
    return listener.start();
  }

  /** Callers that are connected, known or not. */
  get connections(): number {
    return this.#listeners.reduce((sum, { connections }) => sum + connections, 0);
  }

  /** What is shown to devices follows their authority and the address that they call. */
  async refreshTls(): Promise<void> {
    await this.#tls?.refresh();
  }

  /** Whoever stands on this certificate, adopted or not, is nobody from now on. */
  endCertificate(fingerprint: string): void {
    for (const [line, certificate] of this.#certificates)
      if (certificate.fingerprint === fingerprint) line.close();
  }

  /** Sent away before it said who it is; a certificate that does not count any more names whose it was. */
  async #refusedEarly({ code, remoteAddress, identity }: Refusal): Promise<void> {
    const { db, clock, log } = this.#options;
    this.#countRefusal(code);
    log.info({ code, remoteAddress }, "caller refused");
    if (identity === undefined) return;
    const device = await findDeviceByIdentity(db, identity);
    await recordSystemEvent(db, {
      deviceId: device?.deviceId ?? nobody,
      atMs: clock.now(),
      code: "system:identity.certificate",
      detail: { identity, remoteAddress, why: code },
    });
    await this.#tellRefusal(code, identity, remoteAddress);
  }

  #countRefusal(code: string): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }

  /** Lines that nobody uses now. */
  idleLines(): CallInLine[] {
    return [...this.#lines.values()].filter((line) => line.open && !line.busy);
  }

  lineOf(deviceId: number): CallInLine | undefined {
    return this.#lines.get(deviceId);
  }

  lineOfGateway(gatewayId: number): CallInLine | undefined {
    return [...this.#lines.values()].find((line) => line.gatewayId === gatewayId);
  }

  /** Concentrators on a line. */
  gatewayIds(): number[] {
    return [...this.#lines.values()].flatMap(({ gatewayId }) => (gatewayId === undefined ? [] : [gatewayId]));
  }

  /**
   * Somebody decided about a concentrator. A stranger's line is closed, so that it calls anew and is admitted or turned away; that of one
   * that is no longer ours is closed for good; otherwise its journal, or what is kept of it, is to be looked at.
   */
  async gatewayChanged(gatewayId: number): Promise<void> {
    this.quarantine.release(gatewayId);
    const line = this.lineOfGateway(gatewayId);
    if (!line) return;
    if ((await findGateway(this.#options.db, gatewayId))?.state !== "adopted") {
      line.dismissed = true;
      await this.#forget(line);
      return;
    }
    this.drainsWanted.add(line.device.deviceId);
    this.#options.onReady();
  }

  leases(): LinkLease[] {
    return [...this.#lines.values()].map((line) => line.lease);
  }

  /** Another head-end has the link now: the line is closed and nothing more is written for it. */
  lose(deviceId: number): void {
    const line = this.#lines.get(deviceId);
    this.#lines.delete(deviceId);
    line?.close();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    this.quarantine.stop();
    for (const line of lines) line.close();
    for (const listener of this.#listeners) await listener.stop();
    const { db, owner } = this.#options;
    await releaseLinks(
      db,
      owner,
      lines.map((line) => line.lease),
    ).catch(() => {});
  }

  async #arrive(
    line: TcpLine,
    registration: Registration,
    certificate: DeviceCertificate | undefined,
  ): Promise<void> {
    const { db, clock, log, limits, owner, leaseSeconds } = this.#options;
    const { identity } = registration;
    const refuse = async (
      code: "unknown" | "disabled" | "duplicate" | "channel" | "certificate" | "clear",
      deviceId: number,
    ) => {
      this.#countRefusal(`identity.${code}`);
      log.warn({ code: `identity.${code}`, deviceId, remoteAddress: line.remoteAddress }, "caller refused");
      line.close();
      await recordSystemEvent(db, {
        deviceId,
        atMs: clock.now(),
        code: `system:identity.${code}`,
        detail: { identity, remoteAddress: line.remoteAddress },
      });
      await this.#tellRefusal(`identity.${code}`, identity, line.remoteAddress);
    };
    if (certificate) {
      this.#certificates.set(line, certificate);
      line.onEnd(() => this.#certificates.delete(line));
      if (certificate.identity !== identity) {
        const shown = await findDeviceByIdentity(db, certificate.identity);
        return refuse("certificate", shown?.deviceId ?? nobody);
      }
    }
    let gatewayId: number | undefined;
    if (gatewayIdentity.test(identity)) {
      const announcement = registration.apdu && findAnnouncement(registration.apdu);
      const known =
        announcement &&
        (await recordAnnouncement(db, announcement, {
          remoteAddress: line.remoteAddress,
          atMs: clock.now(),
        }));
      if (!known) return refuse("unknown", nobody);
      if (known.state === "retired") return refuse("disabled", known.deviceId ?? nobody);
      if (known.state === "quarantine") {
        const kept = this.quarantine.keep(line, identity, known.gatewayId, certificate !== undefined);
        if (!kept) return refuse("duplicate", nobody);
        log.info({ identity, remoteAddress: line.remoteAddress }, "concentrator waits in quarantine");
        return;
      }
      gatewayId = known.gatewayId;
    }
    const device = await findDeviceByIdentity(db, identity);
    // A meter that a concentrator reads has no line of its own.
    if (device && device.gatewayId !== null) return refuse("channel", device.deviceId);
    if (device?.direction !== "call-in") return refuse("unknown", device?.deviceId ?? nobody);
    if (!device.enabled) return refuse("disabled", device.deviceId);
    if (!(await mayCallFrom(db, device.deviceId, line.remoteAddress)))
      return refuse("channel", device.deviceId);
    let proven = certificate !== undefined;
    if (!certificate) {
      const channel = await identityInClear(db, identity, line.remoteAddress);
      const isGateway = gatewayId !== undefined;
      if (
        channel === "refused" ||
        (channel === "unproven" && isGateway && !this.#plainCallers(line.remoteAddress))
      )
        return refuse("clear", device.deviceId);
      proven = channel === "tunnel";
    }
    // While one caller of an identity is looked at, a second one is a duplicate without further question.
    if (this.#arriving.has(identity)) return refuse("duplicate", device.deviceId);
    this.#arriving.add(identity);
    try {
      const before = this.#lines.get(device.deviceId);
      if (before && !proven && (await before.check())) return await refuse("duplicate", device.deviceId);
      if (before) {
        before.replacedBy = line.remoteAddress;
        log.info(
          { deviceId: device.deviceId, before: before.line.remoteAddress, remoteAddress: line.remoteAddress },
          "line replaced by a newer one",
        );
        await this.#forget(before);
      }
      // The older line may be another head-end's: its fence ends what it still writes, and it hears of it when it renews.
      const [lease] = await takeLinks(db, owner, [device.deviceId], {
        leaseSeconds,
        state: "open",
        remoteAddress: line.remoteAddress,
        fromOthers: proven,
      });
      if (!lease) return await refuse("duplicate", device.deviceId);
      if (!line.open || this.#stopping) {
        await releaseLinks(db, owner, [lease]);
        line.close();
        return;
      }
      const admitted: CallInLine = new CallInLine(device, line, lease, {
        clock,
        limits,
        onPush: (push) =>
          (admitted.gatewayId === undefined
            ? storePush(push, admitted, this.#options)
            : storeGatewayPush(push, admitted, {
                ...this.#options,
                onWanted: (deviceId) => {
                  this.drainsWanted.add(deviceId);
                  this.#options.onReady();
                },
              })
          ).catch((error: unknown) => {
            log.warn({ deviceId: device.deviceId, code: errorCode(error) }, "push not stored");
          }),
        probe: (probed) => this.#probe(probed),
      });
      admitted.gatewayId = gatewayId;
      if (certificate && !(await recordCertificateUse(db, certificate))) line.close();
      this.#lines.set(device.deviceId, admitted);
      line.onEnd(() => {
        this.#tellLost(admitted);
        this.#forget(admitted).catch((error: unknown) => {
          log.warn({ deviceId: device.deviceId, code: errorCode(error) }, "link not given back");
        });
      });
      admitted.watch();
      log.info(
        { deviceId: device.deviceId, form: registration.form, remoteAddress: line.remoteAddress },
        "device called in",
      );
      await makeDue(db, device.deviceId);
      // On each new line a concentrator is asked for its time, and whether a configuration waits to be confirmed, also when it has nothing new.
      if (gatewayId !== undefined) this.drainsWanted.add(device.deviceId);
      this.#options.onReady();
    } finally {
      this.#arriving.delete(identity);
    }
  }

  /** Into the activity log, where incidents are looked for; the same refusal once in ten minutes, or a caller could fill it. */
  async #tellRefusal(code: string, identity: string, address: string): Promise<void> {
    const { db, clock } = this.#options;
    const key = `${code} ${identity} ${address}`;
    const nowMs = clock.now();
    if (nowMs - (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) < toldAgainMs) return;
    this.#told.set(key, nowMs);
    if (this.#told.size > toldMax) this.#told.delete(this.#told.keys().next().value ?? "");
    await appendActs(actingAs(db, { ...processActor("energsys-headend"), address }), [
      { severity: "security", action: "refused", objectType: "caller", objectId: identity, after: { code } },
    ]);
  }

  /** Of a concentrator that did not say that it would go. */
  #tellLost(line: CallInLine): void {
    const { db, clock, log } = this.#options;
    if (line.gatewayId === undefined || line.shutdownAnnounced || line.dismissed || this.#stopping) return;
    const { deviceId } = line.device;
    const { replacedBy } = line;
    recordSystemEvent(db, {
      deviceId,
      atMs: clock.now(),
      code: "system:gateway.line-lost",
      ...(replacedBy !== undefined && { detail: { replacedBy } }),
    }).catch((error: unknown) => log.warn({ deviceId, code: errorCode(error) }, "system event not written"));
  }

  /** Takes the line out and gives its link back; whoever calls second waits for the first. */
  #forget(line: CallInLine): Promise<void> {
    const { db, owner } = this.#options;
    const { deviceId } = line.device;
    if (this.#lines.get(deviceId) === line) {
      this.#lines.delete(deviceId);
      line.close();
      this.#releases.set(line, releaseLinks(db, owner, [line.lease]));
    }
    return this.#releases.get(line) ?? Promise.resolve();
  }

  /** Asks for the clock as the public client; whoever answers anything lives. */
  async #probe(line: CallInLine): Promise<void> {
    const { clock, zone, limits } = this.#options;
    const url = new URL(line.device.url);
    const publicUrl = `${url.protocol}//?client=16&server=${url.searchParams.get("server") ?? "1"}`;
    await readDevice(
      publicUrl,
      { zone, clock: true, identity: line.device.identity },
      {
        clock,
        limits,
        stream: line.line.stream(),
        signal: AbortSignal.timeout(15_000),
      },
    );
  }
}
