import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { addressOf, type MayConnect } from "@energsys/store";

/** What a host is refused with; whoever connects gives it the code of its own subject. */
export class AddressRefused extends TypeError {
  override readonly name = "AddressRefused";

  constructor(host: string, port: number) {
    super(`${host}:${port} is not among the networks that may be called`);
  }
}

/**
 * Resolves a name once and hands on what may be called: the connection is made to these addresses and asks nobody again. One address that
 * is refused refuses the name. @throws AddressRefused at once for a host that is an address, by the callback for a name
 */
export function guardedLookup(host: string, port: number, mayConnect: MayConnect): LookupFunction {
  const address = addressOf(host);
  if (address !== undefined && !mayConnect(address, port)) throw new AddressRefused(host, port);
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.length === 0 || !addresses.every((each) => mayConnect(each.address, port)))
        return callback(new AddressRefused(host, port), []);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
