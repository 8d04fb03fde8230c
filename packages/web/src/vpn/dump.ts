/**
 * The lines of `wg show … dump` that tell of a peer, without its preshared key; the line with the host's private key is left out. What
 * goes over the network is public, whatever somebody pasted.
 */
export function withoutSecrets(dump: string): string {
  return dump
    .split(/\r?\n/)
    .map((line) => line.split("\t"))
    .filter(({ length }) => length === 8 || length === 9)
    .map((fields) => fields.with(fields.length === 9 ? 2 : 1, "(none)").join("\t"))
    .join("\n");
}
