import type { ByteStream } from "@energsys/protocols";
import { CentreLink, type CentreState } from "./centre/centre-link.ts";
import type { Edge } from "./edge.ts";
import { LogicalDevices } from "./objects/logical-devices.ts";
import type { ServedConfiguration } from "./objects/served-core.ts";
import { ServedEdge } from "./objects/served-edge.ts";

export interface ServeOptions {
  /** Calls one of the centre's addresses, in the clear or by TLS. */
  readonly openCentre: (address: string) => Promise<ByteStream>;
  readonly random: () => number;
  /** Absent: the configuration is that of the file, and proposals are refused. */
  readonly configuration?: ServedConfiguration | undefined;
}

export interface Serving {
  readonly devices: LogicalDevices;
  readonly core: ServedEdge;
  centre(): CentreState;
  stop(): void;
}

/** Serves what a concentrator holds to its centre: one line, called in turn at the configured addresses; urgent entries are sent at once. */
export function serveEdge(edge: Edge, { openCentre, random, configuration }: ServeOptions): Serving {
  const core = new ServedEdge(edge, {
    hasLine: () => link.state.line === "accepted",
    // What the centre ordered is in the journal now: it need not wait for the heartbeat.
    onScriptEnd: () => link.announce(),
  });
  const devices = new LogicalDevices(core, configuration ?? fixed(edge));
  const link = new CentreLink<string>(devices, {
    addresses: edge.config.centre.addresses,
    open: openCentre,
    nameOf: (address) => address,
    clock: edge.clock,
    random,
    heartbeatMs: edge.config.centre.heartbeatSeconds * 1000,
    log: edge.log,
  });
  edge.onUrgent((entries) => link.push(entries));
  link.start();
  return { devices, core, centre: () => link.state, stop: () => link.stop() };
}

const fixed = (edge: Edge): ServedConfiguration => ({
  inForce: () => JSON.stringify(edge.config.file),
  proposed: () => "",
  propose: () => "this concentrator takes no configuration from the centre",
  confirmed: () => true,
  confirm: () => true,
  problem: () => "",
});
