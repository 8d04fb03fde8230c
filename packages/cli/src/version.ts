import manifest from "../package.json" with { type: "json" };

/** Version of this release, from the manifest. */
export const version: string = manifest.version;
