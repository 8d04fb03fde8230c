import { useSearch } from "@tanstack/react-router";
import { WatchPage } from "./watch-page.tsx";

/** Attempts to read devices, with their errors. */
export function CommunicationPage() {
  const search = useSearch({ from: "/inside/an/communication" });
  return (
    <WatchPage
      report="communication"
      title="nav.communication"
      help="watch.help.communication"
      to="/an/communication"
      search={search}
      usualDays={7}
    />
  );
}
