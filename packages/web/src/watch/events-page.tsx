import { useSearch } from "@tanstack/react-router";
import { WatchPage } from "./watch-page.tsx";

/** Events of all devices by kind and day, and what looks like unauthorised access. */
export function EventsPage() {
  const search = useSearch({ from: "/inside/an/events" });
  return (
    <WatchPage
      report="events"
      title="nav.system-events"
      help="watch.help.events"
      to="/an/events"
      search={search}
      usualDays={7}
      bySeverity
    />
  );
}
