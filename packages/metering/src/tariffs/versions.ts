/** Something that holds from one market day to another. */
export interface Dated {
  /** `YYYY-MM-DD` */
  readonly validFrom: string;
  /** Not included; open without it. */
  readonly validTo?: string | undefined;
}

/** Days of a period that one version answers for; `version` is undefined for days that none does. */
export interface VersionSpan<Version> {
  readonly version: Version | undefined;
  readonly fromDay: string;
  readonly toDay: string;
}

/** The version that holds on this date. Where two do, the one that began later. */
export function versionOn<Version extends Dated>(
  versions: readonly Version[],
  date: string,
): Version | undefined {
  let found: Version | undefined;
  for (const version of versions) {
    const holds = version.validFrom <= date && (version.validTo === undefined || date < version.validTo);
    if (holds && (!found || version.validFrom > found.validFrom)) found = version;
  }
  return found;
}

/** Cuts a period where another version begins, so that each part is counted and priced by its own. */
export function splitByVersion<Version extends Dated>(
  versions: readonly Version[],
  fromDay: string,
  toDay: string,
): VersionSpan<Version>[] {
  const edges = new Set([fromDay]);
  for (const { validFrom, validTo } of versions) {
    for (const edge of [validFrom, validTo])
      if (edge !== undefined && edge > fromDay && edge < toDay) edges.add(edge);
  }
  const spans: VersionSpan<Version>[] = [];
  const sorted = [...edges].sort();
  for (const [nth, from] of sorted.entries()) {
    const to = sorted[nth + 1] ?? toDay;
    const version = versionOn(versions, from);
    const last = spans.at(-1);
    if (last && last.version === version) spans[spans.length - 1] = { ...last, toDay: to };
    else spans.push({ version, fromDay: from, toDay: to });
  }
  return spans;
}
