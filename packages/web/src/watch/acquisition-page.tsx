import { useSearch } from "@tanstack/react-router";
import { WatchPage } from "./watch-page.tsx";

/** Success of reading by day, branch, concentrator and plan, and what is missing by its age. */
export function AcquisitionPage() {
  const search = useSearch({ from: "/inside/an/acquisition" });
  return (
    <WatchPage
      report="acquisition"
      title="nav.acquisition"
      help="watch.help.acquisition"
      to="/an/acquisition"
      search={search}
      usualDays={7}
    />
  );
}
