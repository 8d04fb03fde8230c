import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef } from "react";
import { api, type Point } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { TaskButton } from "../field-work/task-button.tsx";
import { TasksOf } from "../field-work/task-line.tsx";
import { useNow } from "../live/provider.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { PointMark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useLocale } from "../text/provider.tsx";
import { NowLine } from "./now-line.tsx";
import { ReadProgress, useReadNow } from "./read-now.tsx";
import { type PointSearch, type Tab, tabs, withOn } from "./search.ts";

const OverviewTab = lazy(() =>
  import("./overview-tab.tsx").then((module) => ({ default: module.OverviewTab })),
);
const CurveTab = lazy(() => import("./curve-tab.tsx").then((module) => ({ default: module.CurveTab })));
const RegistersTab = lazy(() =>
  import("./registers-tab.tsx").then((module) => ({ default: module.RegistersTab })),
);
const EventsTab = lazy(() => import("./events-tab.tsx").then((module) => ({ default: module.EventsTab })));
const CommunicationTab = lazy(() =>
  import("./communication-tab.tsx").then((module) => ({ default: module.CommunicationTab })),
);
const SubscriberTab = lazy(() =>
  import("./subscriber-tab.tsx").then((module) => ({ default: module.SubscriberTab })),
);
const ConfigurationTab = lazy(() =>
  import("./configuration-tab.tsx").then((module) => ({ default: module.ConfigurationTab })),
);

export interface TabProps {
  readonly point: Point;
  readonly search: PointSearch;
  readonly change: (next: PointSearch) => void;
}

const panels: Record<Tab, React.ComponentType<TabProps>> = {
  overview: OverviewTab,
  curve: CurveTab,
  registers: RegistersTab,
  events: EventsTab,
  communication: CommunicationTab,
  subscriber: SubscriberTab,
  configuration: ConfigurationTab,
};

/** Everything about one point of measure. The tab, the period and the channel are in the address. */
export function PointPage() {
  const { t, f } = useLocale();
  const { pointId } = useParams({ from: "/inside/points/$pointId" });
  const search = useSearch({ from: "/inside/points/$pointId" });
  const navigate = useNavigate();
  const nowMs = useNow(15_000);
  const query = useQuery({
    queryKey: search.on === undefined ? ["point", pointId] : ["point", pointId, "on", search.on],
    queryFn: ({ signal }) => api.point(pointId, signal, search.on),
  });
  const point = query.data;
  const read = useReadNow(point);
  const may = useMay();
  useShortcuts(may("points.command") ? { r: () => void read.start() } : {});
  const change = useCallback(
    (next: PointSearch) =>
      void navigate({ to: "/points/$pointId", params: { pointId }, search: next, replace: true }),
    [navigate, pointId],
  );
  // Who may not see subscribers finds no such tab.
  const shownTabs = may("subscribers.see") ? tabs : tabs.filter((one) => one !== "subscriber");
  const tab = shownTabs.find((one) => one === search.tab) ?? "overview";
  const tabList = useRef<HTMLDivElement>(null);
  const isThere = point !== undefined;
  // On a phone the list of tabs is wider than the window: the one that is shown must not be hidden in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab, or the page's first one, is what moves the list.
  useEffect(() => {
    const list = tabList.current;
    const shown = list?.querySelector("[aria-selected=true]")?.getBoundingClientRect();
    if (!list || !shown) return;
    // Not scrollIntoView: from what it shows the next Tab would go on, and the way past the menu would be missed.
    const { left, right } = list.getBoundingClientRect();
    if (shown.right > right) list.scrollLeft += shown.right - right;
    else if (shown.left < left) list.scrollLeft -= left - shown.left;
  }, [tab, isThere]);
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.points"), to: "/points" }];

  if (query.isPending) return <Waiting label={t("point.loading")} />;
  if (!point)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("points.title")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );

  const Panel = panels[tab];
  const contactMs = point.device?.lastContactAt ? Date.parse(point.device.lastContactAt) : undefined;
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: point.pod }]}
        title={point.pod}
        aside={
          <span className="e-point-aside">
            <span>
              {point.name} ·{" "}
              {may("locations.see") ? (
                <Link
                  to="/cfg/locations/$locationId"
                  params={{ locationId: point.locationId }}
                  search={search.on === undefined ? {} : { on: search.on }}
                >
                  {point.address || t("nav.locations")}
                </Link>
              ) : (
                point.address
              )}
            </span>
            <span className="e-row">
              <PointMark state={point.state} />
              {contactMs === undefined ? null : (
                <span className="e-muted e-small" title={f.instant(contactMs)}>
                  {t("point.ago", { ago: f.ago(contactMs, Math.max(nowMs, contactMs)) })}
                </span>
              )}
            </span>
          </span>
        }
        actions={
          <>
            <ItsLog search={{ object: "point", id: String(point.pointId) }} />
            <TaskButton source={{ pointId }} where={point.pod} place={{ point: pointId }} />
            {may("points.command") ? (
              <Button
                onClick={() => void read.start()}
                disabled={!point.device || search.on !== undefined}
                // Not `disabled` while it reads: that would take the focus away from whoever works by keyboard.
                {...(read.open ? { "data-disabled": true, "aria-disabled": true } : {})}
                aria-keyshortcuts="r"
              >
                {t("point.read-now")}
              </Button>
            ) : null}
          </>
        }
      />
      <div className="e-stack">
        {search.on === undefined ? null : (
          <OnDate what={t("on.what-point")} on={search.on} onChange={(on) => change(withOn(search, on))} />
        )}
        <NowLine point={point} />
        <ReadProgress read={read} pod={point.pod} />
        <TasksOf query={{ point: pointId }} />
        <Tabs
          value={tab}
          onChange={(next) => {
            const { tab: _tab, sort: _sort, descending: _descending, ...rest } = search;
            change(next === "overview" ? rest : { ...rest, tab: next as Tab });
          }}
          keepMounted={false}
        >
          <Tabs.List ref={tabList} aria-label={t("point.tabs")}>
            {shownTabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab}>
            <Suspense fallback={<Waiting />}>
              <Panel point={point} search={search} change={change} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
