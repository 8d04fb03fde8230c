export const logTabs = ["application", "communication", "parametrisation"] as const;
export type LogTab = (typeof logTabs)[number];

/** What of the log stands in the address: tab and filters. Instants are in UTC, so that a link means the same everywhere. */
export interface LogSearch {
  readonly tab?: LogTab;
  readonly user?: string;
  readonly page?: string;
  readonly from?: string;
  readonly to?: string;
  readonly object?: string;
  readonly id?: string;
  readonly alarms?: true;
}

/** Reads the address; what makes no sense is left out. */
export function logSearch(raw: Readonly<Record<string, unknown>>): LogSearch {
  const tab = logTabs.find((one) => one === raw.tab);
  return {
    ...(tab ? { tab } : {}),
    ...textOf("user", raw.user),
    ...textOf("page", raw.page),
    ...instantOf("from", raw.from),
    ...instantOf("to", raw.to),
    ...(raw.object !== undefined && raw.id !== undefined
      ? { ...textOf("object", raw.object), ...textOf("id", raw.id) }
      : {}),
    ...(raw.alarms === true || raw.alarms === "true" ? { alarms: true as const } : {}),
  };
}

function textOf<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  if (typeof value !== "string" && typeof value !== "number") return {};
  const text = String(value).slice(0, 100);
  return text === "" ? {} : ({ [key]: text } as { [K in Key]: string });
}

function instantOf<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? {} : ({ [key]: new Date(ms).toISOString() } as { [K in Key]: string });
}

/** The filters as the API takes them. */
export function logQuery(search: LogSearch, kind: "application" | "parametrisation") {
  const { user, page, from, to, object, id, alarms } = search;
  return {
    kind,
    ...(user ? { actor: user } : {}),
    ...(page ? { page } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(object && id ? { objectType: object, objectId: id } : {}),
    ...(alarms ? { severity: "alarm" as const } : {}),
  };
}

/** Text of a field for date and time, in the network's zone, as an instant; undefined for an empty one. */
export function instantOfField(text: string, zone: string): string | undefined {
  if (text === "") return undefined;
  try {
    return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}

/** The instant of "as it was on": a day means from its beginning in the zone of the market, as the server takes it. */
export const onInstant = (on: string, zone: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(on) ? (instantOfField(`${on}T00:00`, zone) ?? on) : on;

/** An instant as a field for date and time shows it. */
export function fieldOfInstant(instant: string | undefined, zone: string): string {
  if (instant === undefined) return "";
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString().slice(0, 16);
}
