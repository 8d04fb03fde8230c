import {
  addressOf,
  isAllowed,
  isNetworkEntry,
  type NetworkPurpose,
  readNetworks,
  writeNetworks,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";

const copied = (lists: Awaited<ReturnType<typeof readNetworks>>) => ({
  devices: [...lists.devices],
  directories: [...lists.directories],
  providers: [...lists.providers],
  mail: [...lists.mail],
});

/** Networks that addresses which people type may lead to. */
export const networkHandlers: Handlers<"getNetworks" | "changeNetworks" | "tryNetworks"> = {
  async getNetworks({ services: { db } }) {
    return copied(await readNetworks(db));
  },

  async changeNetworks({ body, services: { db, networks } }) {
    const fields: Record<string, string> = {};
    for (const [purpose, entries] of Object.entries(body)) {
      for (const [index, entry] of entries.entries())
        if (!isNetworkEntry(entry))
          fields[`/${purpose}/${index}`] = "Neither a network, nor private or public";
    }
    if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
    await writeNetworks(db, body);
    networks.forget();
    return copied(await readNetworks(db));
  },

  async tryNetworks({ body: { address, ...lists } }) {
    const known = addressOf(address);
    if (known === undefined) throw new Problem("input.invalid", { fields: { "/address": "Is no address" } });
    return {
      address: known,
      devices: isAllowed(lists.devices, known),
      directories: isAllowed(lists.directories, known),
      providers: isAllowed(lists.providers, known),
      mail: isAllowed(lists.mail, known),
    };
  },
};

/**
 * Refuses a host that is written as an address outside of what is allowed. A name passes: what it stands for is looked at when it is
 * called, by whoever calls it. @throws Problem `address.not-allowed`
 */
export async function demandAllowed(
  { networks }: Services,
  purpose: NetworkPurpose,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const address = addressOf(host);
  if (address === undefined) return;
  const mayConnect = await networks.for(purpose);
  if (!mayConnect(address, port)) throw new Problem("address.not-allowed");
}
