import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Database,
  type KeyRing,
  listPeers,
  makeKeys,
  makePeer,
  parseDump,
  publicKeyOf,
  readServerPeers,
  readVpnSettings,
  recordHandshakes,
  revokePeer,
  serverAddress,
  serverConfig,
  writeVpnSettings,
} from "@energsys/store";
import type { Command } from "commander";
import { renderUnicodeCompact } from "uqr";
import { CliError } from "../cli-error.ts";
import { dataFolder } from "../supervisor/data-folder.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, wholeNumber } from "./options.ts";
import { withDatabase } from "./with-database.ts";

const tell = ({ json }: Common, result: object, text: string) =>
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : text);

const serverKeyFile = (data: string | undefined) => join(dataFolder(data), "vpn", "server.key");
const configFile = (data: string | undefined) => join(dataFolder(data), "vpn", "energsys.conf");

/** Tunnels of devices: this makes files, and leaves the host's network to the host. */
export function addVpn(program: Command): void {
  const vpn = program
    .command("vpn")
    .description("WireGuard tunnels of devices that call in: keys, addresses, files");
  common(vpn.command("init").description("the network of the tunnels and the key of their server, once"))
    .requiredOption(
      "--network <network>",
      "private IPv4 network, such as 10.90.0.0/16; its first address is the server's",
    )
    .requiredOption("--endpoint <host:port>", "where devices reach the tunnel's host")
    .action(init);
  common(
    vpn
      .command("add")
      .description("keys and an address for a device; its file is printed once and kept nowhere"),
  )
    .argument("<identity>", "the device")
    .option("--label <text>", "what the tunnel is called")
    .option("--days <n>", "the keys should be new after so many days", wholeNumber(1, 3650), 365)
    .option("--qr", "the file as QR code")
    .action((identity: string, options: AddOptions) => add(identity, options, false));
  common(
    vpn
      .command("rotate")
      .description("new keys for a device that has a tunnel; the old ones end, the address stays"),
  )
    .argument("<identity>", "the device")
    .option("--label <text>", "what the tunnel is called")
    .option("--days <n>", "the keys should be new after so many days", wholeNumber(1, 3650), 365)
    .option("--qr", "the file as QR code")
    .action((identity: string, options: AddOptions) => add(identity, options, true));
  common(vpn.command("revoke").description("ends a tunnel"))
    .argument("<number>", "its number in `energsys vpn list`", wholeNumber(1, 2 ** 31 - 1))
    .action(revoke);
  common(vpn.command("list").description("tunnels, with the last sign of life of each")).action(list);
  common(vpn.command("write").description("the file of the tunnel's host anew, for its reload hook")).action(
    (options: Common) => withKeys(options.data, (db, ring) => write(db, ring, options)),
  );
  common(vpn.command("import").description("takes over what `wg show INTERFACE dump` says: pipe it in"))
    .argument("[file]", "file with it; standard input when left out")
    .action(importDump);
}

async function init(options: Common & { network: string; endpoint: string }): Promise<void> {
  if (!/^[A-Za-z0-9.-]{1,253}:\d{1,5}$/.test(options.endpoint))
    throw new CliError("vpn.endpoint-invalid", `${options.endpoint} is no host:port`);
  await withDatabase(options.data, async (db) => {
    const path = serverKeyFile(options.data);
    const privateKey = existsSync(path) ? readFileSync(path, "utf8").trim() : makeKeys().privateKey;
    const { network, endpoint } = options;
    await writeVpnSettings(db, { network, endpoint, serverPublicKey: publicKeyOf(privateKey) });
    writePrivate(path, `${privateKey}\n`);
    tell(
      options,
      { network, endpoint, serverPublicKey: publicKeyOf(privateKey), keyFile: path },
      `Tunnels in ${network}, server key in ${path}\n`,
    );
  });
}

interface AddOptions extends Common {
  readonly label?: string;
  readonly days: number;
  readonly qr?: boolean;
}

const add = (identity: string, options: AddOptions, replace: boolean): Promise<void> =>
  withKeys(options.data, async (db, ring) => {
    const rotateBy = Temporal.Now.plainDateISO("UTC").add({ days: options.days }).toString();
    const label = options.label === undefined ? {} : { label: options.label };
    const made = await makePeer(db, ring, { identity, rotateBy, replace, ...label });
    await write(db, ring, { ...options, json: false }, () => {});
    tell(options, made, options.qr ? `${renderUnicodeCompact(made.config)}\n` : made.config);
    process.stderr.write(`${identity}: ${made.address}, keys until ${rotateBy}. This is shown once.\n`);
  });

const revoke = (peerId: number, options: Common): Promise<void> =>
  withKeys(options.data, async (db, ring) => {
    if (!(await revokePeer(db, peerId)))
      throw new CliError("vpn.peer-unknown", `there is no tunnel ${peerId}, or it was revoked before`);
    await write(db, ring, options);
  });

const list = (options: Common): Promise<void> =>
  withKeys(options.data, async (db) => {
    const peers = await listPeers(db);
    const today = Temporal.Now.plainDateISO("UTC").toString();
    const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    const rows = peers.map(({ madeAt, revokedAt, lastHandshakeAt, ...peer }) => ({
      ...peer,
      madeAt: iso(madeAt),
      revokedAt: iso(revokedAt),
      lastHandshakeAt: iso(lastHandshakeAt),
    }));
    const lines = rows.map((peer) => {
      const state = peer.revokedAt ? "revoked" : peer.rotateBy <= today ? "keys too old" : "valid";
      return `${String(peer.peerId).padStart(5)}  ${peer.address.padEnd(15)}  ${state.padEnd(12)}  last ${peer.lastHandshakeAt ?? "never"}  until ${peer.rotateBy}  ${peer.identity ?? "–"} ${peer.pod ?? ""}\n`;
    });
    tell(options, { peers: rows }, lines.join("") || "no tunnels\n");
  });

const importDump = (file: string | undefined, options: Common): Promise<void> =>
  withDatabase(options.data, async (db) => {
    const { known, unknown } = await recordHandshakes(db, parseDump(readFileSync(file ?? 0, "utf8")));
    tell(options, { known, unknown }, `${known} tunnels seen, ${unknown} that nobody knows\n`);
  });

/** @throws CliError `vpn.key-missing`; StoreError `vpn.not-set-up` */
async function write(
  db: Database,
  ring: KeyRing,
  options: Common,
  say: (path: string, peers: number) => void = (path, peers) =>
    tell(options, { path, peers }, `${path}: ${peers} tunnels\n`),
): Promise<void> {
  const settings = await readVpnSettings(db);
  const keyFile = serverKeyFile(options.data);
  if (!settings || !existsSync(keyFile))
    throw new CliError("vpn.key-missing", `there is no ${keyFile}; energsys vpn init makes it`);
  const peers = await readServerPeers(db, ring);
  const port = Number(settings.endpoint.slice(settings.endpoint.lastIndexOf(":") + 1));
  const path = configFile(options.data);
  writePrivate(
    path,
    serverConfig(
      { privateKey: readFileSync(keyFile, "utf8").trim(), address: serverAddress(settings), port },
      peers,
    ),
  );
  say(path, peers.length);
}

/**
 * Whole or not at all, and for its owner alone: the reload hook may look at any moment. What is there already is left alone, so that a
 * timer wakes the hook only when something changed.
 */
function writePrivate(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
