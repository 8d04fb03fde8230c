import {
  listPeers,
  makePeer,
  parseDump,
  peersConfig,
  readBranches,
  readServerPeers,
  readVpnSettings,
  recordHandshakes,
  revokePeer,
  serverAddress,
  type VpnPeer,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";

/** A device sends something every 25 s, WireGuard shakes hands every two minutes, and the host is asked every minute. */
const linkedMs = 5 * 60_000;

const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

function stateOf({ revokedAt, lastHandshakeAt }: VpnPeer, nowMs: number) {
  if (revokedAt !== null) return "revoked";
  if (lastHandshakeAt === null) return "never";
  return nowMs - lastHandshakeAt <= linkedMs ? "linked" : "silent";
}

function needRing({ keyRing }: Services) {
  if (!keyRing) throw new Problem("device.no-key");
  return keyRing;
}

async function make(
  services: Services,
  wanted: Omit<Parameters<typeof makePeer>[2], "rotateBy">,
  days: number,
) {
  const today = Temporal.Instant.fromEpochMilliseconds(services.now())
    .toZonedDateTimeISO("UTC")
    .toPlainDate();
  const rotateBy = today.add({ days }).toString();
  const { peerId, ...made } = await makePeer(services.db, needRing(services), { ...wanted, rotateBy });
  return { tunnelId: peerId, ...made };
}

/** Tunnels of devices; the private key of one leaves with the answer that makes it, and is nowhere afterwards. */
export const vpnHandlers: Handlers<
  | "listTunnels"
  | "createTunnel"
  | "renewTunnelKeys"
  | "revokeTunnel"
  | "takeTunnelState"
  | "exportTunnelPeers"
> = {
  async listTunnels({ services: { db, now } }) {
    const [settings, peers, branches] = [
      await readVpnSettings(db),
      await listPeers(db),
      await readBranches(db),
    ];
    const nowMs = now();
    const today = iso(nowMs).slice(0, 10);
    return {
      settings: settings ? { ...settings, serverAddress: serverAddress(settings) } : null,
      rows: peers.map((peer) => {
        const { peerId, deviceId: _, branchId, madeAt, revokedAt, lastHandshakeAt, ...row } = peer;
        return {
          ...row,
          tunnelId: peerId,
          state: stateOf(peer, nowMs),
          branch: [...(branches.get(branchId ?? -1)?.path ?? [])],
          madeAt: iso(madeAt),
          revokedAt: isoOrNull(revokedAt),
          lastHandshakeAt: isoOrNull(lastHandshakeAt),
          rotationDue: revokedAt === null && row.rotateBy <= today,
        };
      }),
    };
  },

  async createTunnel({ body: { days, ...wanted }, services }) {
    return make(services, wanted, days);
  },

  async renewTunnelKeys({ params: { tunnelId }, body: { days }, services }) {
    const before = (await listPeers(services.db)).find(({ peerId }) => peerId === tunnelId);
    if (before?.identity == null || before.revokedAt !== null) throw new Problem("vpn.peer-unknown");
    return make(services, { identity: before.identity, label: before.label, replace: true }, days);
  },

  async revokeTunnel({ params: { tunnelId }, services: { db } }) {
    if (!(await revokePeer(db, tunnelId))) throw new Problem("vpn.peer-unknown");
    return { accepted: true };
  },

  async takeTunnelState({ body: { dump }, services: { db } }) {
    return recordHandshakes(db, parseDump(dump));
  },

  async exportTunnelPeers({ services, reply }) {
    const peers = await readServerPeers(services.db, needRing(services));
    return reply
      .header("content-disposition", 'attachment; filename="energsys-peers.conf"')
      .type("text/plain; charset=utf-8")
      .send(peersConfig(peers));
  },
};
