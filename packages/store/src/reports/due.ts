/** When a schedule is due, on the clock of the market. */
export interface Recurrence {
  readonly every: "day" | "week" | "month";
  /** 1 is Monday. */
  readonly weekday: number | null;
  /** A month that has no such day: its last one. */
  readonly monthDay: number | null;
  /** Of the day, on the local clock. */
  readonly minute: number;
}

/**
 * The first instant after `afterMs` at which it is due. A time that the clock leaves out in spring is due an hour later, one that it shows
 * twice in autumn is due the first time only.
 */
export function nextDue(recurrence: Recurrence, afterMs: number, zone: string): number {
  let day = Temporal.Instant.fromEpochMilliseconds(afterMs).toZonedDateTimeISO(zone).toPlainDate();
  // The day before may be due still, where its time lies behind a change of the clock.
  day = day.subtract({ days: 1 });
  for (;;) {
    if (isDueOn(recurrence, day)) {
      const dueMs = instantOf(day, recurrence.minute, zone);
      if (dueMs > afterMs) return dueMs;
    }
    day = day.add({ days: 1 });
  }
}

/** The latest instant at or before `nowMs` at which it was due, from `firstMs` on, which is such an instant itself. */
export function latestDue(recurrence: Recurrence, firstMs: number, nowMs: number, zone: string): number {
  let latest = firstMs;
  for (let next = nextDue(recurrence, latest, zone); next <= nowMs; next = nextDue(recurrence, latest, zone))
    latest = next;
  return latest;
}

function isDueOn({ every, weekday, monthDay }: Recurrence, day: Temporal.PlainDate): boolean {
  if (every === "day") return true;
  if (every === "week") return day.dayOfWeek === weekday;
  return day.day === Math.min(monthDay!, day.daysInMonth);
}

const instantOf = (day: Temporal.PlainDate, minute: number, zone: string): number =>
  day
    .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
    .toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
