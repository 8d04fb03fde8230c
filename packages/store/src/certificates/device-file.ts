/** What a device is given: one file in PEM with its certificate, its key, the authorities of the centre, and where the centre is. */
export function deviceFile(given: {
  readonly identity: string;
  /** `host:port` where it calls. */
  readonly address: string;
  readonly endsAt: string;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly authorityPems: readonly string[];
}): string {
  return [
    `# ENERGSys device ${given.identity}, until ${given.endsAt.slice(0, 10)}. With the key in it whoever has this file is the device.\n`,
    `# centre ${given.address}\n`,
    given.certificatePem,
    given.keyPem,
    ...given.authorityPems,
  ].join("");
}
