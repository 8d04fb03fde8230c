/**
 * Local time and offset of instants that only grow, for the lines of a file: the offset is looked up anew only after a clock change.
 * It is written as `UTC+02:00`: a bare +02:00 would be a sum to a spreadsheet.
 */
export function localTimes(zone: string, startMs: number): (ms: number) => { local: string; offset: string } {
  const at = (ms: number) => {
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const change = local.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    return { ms: local.offsetNanoseconds / 1e6, text: `UTC${local.offset}`, untilMs: change };
  };
  let current = at(startMs);
  return (ms) => {
    if (ms >= current.untilMs) current = at(ms);
    return { local: new Date(ms + current.ms).toISOString().slice(0, 19), offset: current.text };
  };
}
