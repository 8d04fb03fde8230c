import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Addresses from which a concentrator may call in the clear; nothing but tunnels when it is empty. */
export type PlainCallers = (remoteAddress: string) => boolean;

/** Without a word about it: this machine, where virtual concentrators and proxies of its own are. */
export const plainCallersByDefault = "127.0.0.0/8,::1";

/**
 * `off`, `any`, or addresses and networks parted by commas.
 * @throws Error naming what is neither
 */
export function parsePlainCallers(text: string): PlainCallers {
  if (text === "off") return () => false;
  if (text === "any") return () => true;
  const list = new BlockList();
  for (const entry of text.split(",").map((each) => each.trim())) {
    const [address = "", bits, ...more] = entry.split("/");
    const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : undefined;
    const bitsMax = family === "ipv4" ? 32 : 128;
    if (
      !family ||
      more.length > 0 ||
      (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
    )
      throw new Error(`${entry} is no address or network`);
    list.addSubnet(address, bits === undefined ? bitsMax : Number(bits), family);
  }
  return (remoteAddress) => {
    const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, "");
    return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}
