import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { DriverError } from "./errors.ts";

/** Whether an address may be dialled; asked with the very address that is connected to, after the name was resolved. */
export type MayDial = (address: string, port: number) => boolean;

const refused = (host: string, port: number): DriverError =>
  new DriverError("dial.not-allowed", `${host}:${port}: not among the networks where devices may be dialled`);

/**
 * Resolves a name once and hands on what may be dialled: the connection is made to these addresses and asks nobody again. A name that
 * has one address that is refused is refused whole, since such an answer is made to try what slips through.
 * @throws DriverError `dial.not-allowed` at once for a host that is an address; by the callback for a name
 */
export function guardedLookup(host: string, port: number, mayDial: MayDial): LookupFunction {
  if (isIP(host.split("%", 1)[0]!) !== 0 && !mayDial(host, port)) throw refused(host, port);
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.length === 0 || !addresses.every(({ address }) => mayDial(address, port)))
        return callback(refused(host, port), []);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
