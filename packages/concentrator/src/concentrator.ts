import type { ConcentratorConfig } from "./config.ts";
import type { ConcentratorOptions, Edge } from "./edge.ts";
import type { ServedConfiguration } from "./objects/served-core.ts";
import { RunningEdge } from "./running-edge.ts";
import { type Serving, serveEdge } from "./serve.ts";

export interface RunningConcentrator {
  readonly edge: Edge;
  readonly serving: Serving;
  /** Ends the line to the centre, then the lines and the store. */
  stop(why?: "ordered" | "supply" | "configuration"): Promise<void>;
}

/**
 * Starts a concentrator: opens its store, reads its lines, calls its centre. Thousands may run in one process over in-process streams.
 * @param configuration absent: it takes none from the centre
 * @throws ConcentratorError `concentrator.store`
 */
export async function startConcentrator(
  config: ConcentratorConfig,
  options: ConcentratorOptions,
  configuration?: ServedConfiguration,
): Promise<RunningConcentrator> {
  const edge = new RunningEdge(config, options);
  const { openCentre, openModem, random } = options;
  const serving = serveEdge(edge, { openCentre, ...(openModem && { openModem }), random, configuration });
  edge.start();
  return {
    edge,
    serving,
    stop: async (why) => {
      serving.stop();
      await edge.stop(why);
    },
  };
}
