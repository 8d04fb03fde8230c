export {
  listPeers,
  makePeer,
  mayCallFrom,
  readServerPeers,
  readVpnSettings,
  recordHandshakes,
  revokePeer,
  serverAddress,
  type VpnPeer,
  type VpnSettings,
  writeVpnSettings,
} from "./peers.ts";
export { makeKeys, parseDump, peersConfig, publicKeyOf, serverConfig } from "./wireguard.ts";
