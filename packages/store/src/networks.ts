import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Queryable } from "./database.ts";
import { sql } from "./sql.ts";
import { readVpnSettings } from "./vpn/index.ts";

/**
 * Where this system may connect to when a person typed the address (docs/adr/0012): devices that are dialled, directories, OpenID
 * providers, the mail server. Each list holds networks (`10.0.0.0/8`), single addresses, `private`, or `public`.
 */
export interface NetworkSettings {
  readonly devices: readonly string[];
  readonly directories: readonly string[];
  readonly providers: readonly string[];
  readonly mail: readonly string[];
}
export type NetworkPurpose = keyof NetworkSettings;

/** Devices lie in private networks by nature; a provider that does not is the usual one. */
export const defaultNetworks: NetworkSettings = {
  devices: ["private"],
  directories: ["private", "public"],
  providers: ["public"],
  mail: ["private", "public"],
};

interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}
interface Network extends Address {
  readonly length: number;
}

const width = (family: 4 | 6): number => (family === 4 ? 32 : 128);

function parseBits(text: string): Address | undefined {
  const address = text.split("%", 1)[0]!;
  const family = isIP(address);
  if (family === 4) {
    return { family, bits: address.split(".").reduce((bits, byte) => bits * 256n + BigInt(byte), 0n) };
  }
  if (family !== 6) return undefined;
  // The last four bytes may be written as those of IPv4.
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high?: string, low?: string) => ((Number(high) << 8) | Number(low)).toString(16);
  const plain = dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : address;
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  return { family, bits: groups.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n) };
}

/** An address of IPv6 that only carries one of IPv4 is that: mapped, compatible, NAT64 and 6to4. */
function unwrap(address: Address): Address {
  if (address.family === 4) return address;
  const { bits } = address;
  const v4 = (value: bigint): Address => ({ family: 4, bits: value & 0xffff_ffffn });
  const high = bits >> 32n;
  if (high === 0xffffn || high === 0x64_ff9b_0000_0000_0000_0000n) return v4(bits);
  if (high === 0n && bits > 1n) return v4(bits);
  if (bits >> 112n === 0x2002n) return v4(bits >> 80n);
  return address;
}

function parseNetwork(text: string): Network | undefined {
  const [address = "", length, ...more] = text.split("/");
  const parsed = parseBits(address);
  if (!parsed || address.includes("%") || more.length > 0) return undefined;
  const longest = width(parsed.family);
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bitsKept = length === undefined ? longest : Number(length);
  return bitsKept > longest ? undefined : { ...parsed, length: bitsKept };
}

function contains(network: Network, { family, bits }: Address): boolean {
  const shift = BigInt(width(family) - network.length);
  return network.family === family && network.bits >> shift === bits >> shift;
}

const networks = (...texts: string[]): readonly Network[] => texts.map((text) => parseNetwork(text)!);

/** Private networks of companies and of mobile operators (RFC 1918, RFC 6598, RFC 4193). */
const privateNetworks = networks(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
  "fc00::/7",
);

/**
 * Nobody's devices are here, and what answers is ours or the host's: this machine, neighbours by their own naming, services that tell a
 * machine its credentials, many at once. Only an entry that lies within one of these opens its part of it.
 */
const closedNetworks = networks(
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  ...["100.100.100.200/32", "168.63.129.16/32"],
  ...["::/128", "::1/128", "fe80::/10", "fec0::/10", "ff00::/8", "100::/64", "2001::/32"],
  "fd00:ec2::254/128",
);

export const networkEntryMax = 50;

/** True for `private`, `public`, an address or a network such as `10.0.0.0/8`. */
export const isNetworkEntry = (text: string): boolean =>
  text === "private" || text === "public" || parseNetwork(text) !== undefined;

/** True when a list lets an address be called. */
export function isAllowed(entries: readonly string[], text: string): boolean {
  const parsed = parseBits(text);
  if (!parsed) return false;
  const address = unwrap(parsed);
  const closed = closedNetworks.find((network) => contains(network, address));
  const isPrivate = privateNetworks.some((network) => contains(network, address));
  return entries.some((entry) => {
    if (entry === "private" || entry === "public") return !closed && isPrivate === (entry === "private");
    const network = parseNetwork(entry);
    if (!network || !contains(network, address)) return false;
    return !closed || (network.length >= closed.length && contains(closed, network));
  });
}

/**
 * The address that a host is, when it is written as one: also `2130706433`, `0x7f.1`, `0177.0.0.1`, which the system's resolver and
 * browsers take for addresses. A name is `undefined`: it is asked for when it is dialled.
 */
export function addressOf(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare.split("%", 1)[0]!) !== 0) return bare.split("%", 1)[0]!;
  const canonical = URL.parse(`http://${bare}/`)?.hostname ?? "";
  if (isIP(canonical) !== 0) return canonical;
  return /^(?:.+\.)?localhost\.?$/i.test(bare) ? "127.0.0.1" : undefined;
}

/** Decides whether a connection may be made; asked with each address that a name has, before the first byte leaves. */
export type MayConnect = (address: string, port: number) => boolean;

const settingName = "networks";

/** The lists in force; with the tunnels' network, that devices call in from, among those of devices. */
export async function readNetworks(db: Queryable): Promise<NetworkSettings> {
  const { rows } = await db.query<{ value: Partial<NetworkSettings> }>(
    sql`select value from setting where name = ${settingName}`,
  );
  return { ...defaultNetworks, ...rows[0]?.value };
}

export async function writeNetworks(db: Queryable, settings: NetworkSettings): Promise<void> {
  await db.query(sql`
    insert into setting (name, value) values (${settingName}, ${JSON.stringify(settings)}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = now()`);
}

/** Lets devices of one more network be dialled. Doing it twice changes nothing. */
export async function allowDevices(db: Queryable, network: string): Promise<void> {
  const settings = await readNetworks(db);
  if (settings.devices.includes(network)) return;
  await writeNetworks(db, { ...settings, devices: [...settings.devices, network] });
}

export interface NetworkRulesOptions {
  /** Ports of our own processes: on this machine nobody is dialled there, whatever is allowed. */
  readonly ownPorts: readonly number[];
  /** The database's host, unless it is a socket of this machine. */
  readonly database: { readonly host: string; readonly port: number } | undefined;
  readonly now: () => number;
}

const keptMs = 5_000;

/** What may be connected to, as it is set now: a change is in force within five seconds. */
export class NetworkRules {
  readonly #db: Queryable;
  readonly #options: NetworkRulesOptions;
  #kept: { readonly untilMs: number; readonly settings: NetworkSettings; readonly ours: Ours } | undefined;

  constructor(db: Queryable, options: NetworkRulesOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** Asked anew at the next question: it was changed here. */
  forget(): void {
    this.#kept = undefined;
  }

  async for(purpose: NetworkPurpose): Promise<MayConnect> {
    const nowMs = this.#options.now();
    if (!this.#kept || this.#kept.untilMs <= nowMs) {
      const settings = await readNetworks(this.#db);
      const tunnels = (await readVpnSettings(this.#db))?.network;
      this.#kept = {
        untilMs: nowMs + keptMs,
        settings: tunnels ? { ...settings, devices: [...settings.devices, tunnels] } : settings,
        ours: await this.#ours(),
      };
    }
    const { settings, ours } = this.#kept;
    return (address, port) => !isOurs(ours, address, port) && isAllowed(settings[purpose], address);
  }

  async #ours(): Promise<Ours> {
    const { database, ownPorts } = this.#options;
    const machine = Object.values(networkInterfaces()).flatMap((faces) =>
      (faces ?? []).map(({ address }) => address),
    );
    const named = database && (await lookup(database.host, { all: true }).catch(() => []));
    return {
      machine: machine.flatMap((address) => parseBits(address) ?? []),
      ports: ownPorts,
      database: (named ?? []).flatMap(({ address }) => parseBits(address) ?? []),
      databasePort: database?.port,
    };
  }
}

interface Ours {
  readonly machine: readonly Address[];
  readonly ports: readonly number[];
  readonly database: readonly Address[];
  readonly databasePort: number | undefined;
}

const loopback = networks("127.0.0.0/8", "::1/128", "0.0.0.0/8", "::/128");

function isOurs(ours: Ours, text: string, port: number): boolean {
  const parsed = parseBits(text);
  if (!parsed) return false;
  const address = unwrap(parsed);
  const isOneOf = (others: readonly Address[]) =>
    others.some((other) => {
      const plain = unwrap(other);
      return plain.family === address.family && plain.bits === address.bits;
    });
  const isHere = loopback.some((network) => contains(network, address)) || isOneOf(ours.machine);
  if (isHere && ours.ports.includes(port)) return true;
  return port === ours.databasePort && (isOneOf(ours.database) || (isHere && ours.database.some(isLoopback)));
}

const isLoopback = (address: Address): boolean =>
  loopback.some((network) => contains(network, unwrap(address)));
