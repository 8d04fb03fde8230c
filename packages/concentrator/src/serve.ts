import type { ByteStream } from "@energsys/protocols";
import { CentreLink, type CentreState } from "./centre/centre-link.ts";
import { ModemWatch } from "./centre/modem-watch.ts";
import type { ConcentratorOptions, Edge } from "./edge.ts";
import { LogicalDevices } from "./objects/logical-devices.ts";
import type { ServedConfiguration } from "./objects/served-core.ts";
import { ServedEdge } from "./objects/served-edge.ts";

export interface ServeOptions {
  /** Calls one of the centre's addresses, in the clear or by TLS. */
  readonly openCentre: (address: string) => Promise<ByteStream>;
  /** Opens the modem's own port; asked for only when the configuration names a modem. */
  readonly openModem?: ConcentratorOptions["openModem"];
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
export function serveEdge(edge: Edge, options: ServeOptions): Serving {
  const { openCentre, random, configuration } = options;
  const modem = watchOf(edge, options);
  const core = new ServedEdge(edge, {
    hasLine: () => link.state.line === "accepted",
    modem: () => modem?.seen,
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
  modem?.start();
  const stop = () => {
    modem?.stop();
    link.stop();
  };
  return { devices, core, centre: () => link.state, stop };
}

function watchOf(edge: Edge, { openModem }: ServeOptions): ModemWatch | undefined {
  const { modem } = edge.config;
  if (!modem || !openModem) return undefined;
  return new ModemWatch({
    clock: edge.clock,
    log: edge.log,
    everyMs: modem.everySeconds * 1000,
    open: () => openModem(modem.place),
    onChange: (has, detail) => edge.recordEvent(has ? 0x0502 : 0x0501, detail),
  });
}

const fixed = (edge: Edge): ServedConfiguration => ({
  inForce: () => JSON.stringify(edge.config.file),
  proposed: () => "",
  propose: () => "this concentrator takes no configuration from the centre",
  confirmed: () => true,
  confirm: () => true,
  problem: () => "",
});
