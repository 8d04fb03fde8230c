import { useSearch } from "@tanstack/react-router";
import { WatchPage } from "./watch-page.tsx";
import { WorksPanel } from "./works-panel.tsx";

/** SAIDI, SAIFI, CAIDI and MAIFI with the interruptions that they are made of, and the works that explain them. */
export function ContinuityPage() {
  const search = useSearch({ from: "/inside/an/continuity" });
  return (
    <WatchPage
      report="continuity"
      title="nav.continuity"
      help="watch.help.continuity"
      to="/an/continuity"
      search={search}
      usualDays={30}
      below={({ period, of }) => <WorksPanel period={period} of={of} />}
    />
  );
}
