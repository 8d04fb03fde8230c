import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { LiveItem } from "../api/client.ts";
import { useLive } from "../live/provider.tsx";
import { AttemptMark, Mark } from "../parts/marks.tsx";
import { eventKey } from "../text/event-words.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { feedRows, itemKey, withItems } from "./feed.ts";

const everyMs = 500;

/** What happens in the field, newest first. Rows stand still while they are paused, pointed at or focused. */
export function LiveFeed(props: { readonly first: readonly LiveItem[] }) {
  const { t } = useLocale();
  const [shown, setShown] = useState<readonly LiveItem[]>(() => withItems([], props.first));
  const [held, setHeld] = useState(0);
  const [paused, setPaused] = useState(false);
  const still = useRef(false);
  const waiting = useRef<LiveItem[]>([]);
  const { first } = props;
  // What the server gave anew fills holes that the stream left.
  useEffect(() => {
    waiting.current = withItems(waiting.current, first);
  }, [first]);

  useLive({
    item: (item) => {
      waiting.current.push(item);
      if (waiting.current.length > 4 * feedRows) waiting.current = withItems([], waiting.current);
    },
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = waiting.current;
      if (paused || still.current) {
        setHeld(withItems([], fresh).length);
        return;
      }
      waiting.current = [];
      setHeld(0);
      if (fresh.length > 0) setShown((now) => withItems(now, fresh));
    }, everyMs);
    return () => clearInterval(timer);
  }, [paused]);

  return (
    <section className="e-panel" aria-labelledby="feed">
      <div className="e-panel-head">
        <h2 id="feed">{t("op.feed")}</h2>
        <span className="e-row">
          <span className="e-muted e-small e-num">
            {held > 0 ? t("op.feed-waiting", { count: held }) : ""}
          </span>
          <Button variant="default" size="xs" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? t("op.resume") : t("op.pause")}
          </Button>
        </span>
      </div>
      {shown.length === 0 ? <p className="e-panel-body e-muted">{t("op.feed-none")}</p> : null}
      <ul
        className="e-feed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        tabIndex={0}
        aria-label={t("op.feed")}
        onPointerEnter={() => {
          still.current = true;
        }}
        onPointerLeave={() => {
          still.current = false;
        }}
        onFocus={() => {
          still.current = true;
        }}
        onBlur={() => {
          still.current = false;
        }}
      >
        {shown.map((item) => (
          <FeedRow key={itemKey(item)} item={item} />
        ))}
      </ul>
    </section>
  );
}

/** What it happened at, as far as that is known. */
function Where({ item }: { readonly item: LiveItem }) {
  const { t } = useLocale();
  if (item.pointId !== null)
    return (
      <Link to="/points/$pointId" params={{ pointId: item.pointId }} search={{}}>
        {item.name || item.pod}
      </Link>
    );
  if (item.gatewayId !== null)
    return (
      <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: item.gatewayId }}>
        {item.name}
      </Link>
    );
  return item.type === "attempt" ? t(`cause.${item.cause}`) : null;
}

function FeedRow({ item }: { readonly item: LiveItem }) {
  const { t, f } = useLocale();
  const eventName = item.type === "event" ? eventKey(item.eventName) : undefined;
  return (
    <li>
      <time className="e-num e-muted" dateTime={item.at}>
        {f.time(Date.parse(item.at))}
      </time>
      {item.type === "attempt" ? (
        <AttemptMark state={item.state} />
      ) : (
        <Mark shape="▲" tone="warning">
          {eventName ? t(eventName) : t("op.feed-event", { code: item.code })}
        </Mark>
      )}
      <span className="e-feed-what">
        <Where item={item} />
        {item.type === "event" && eventName ? <span className="e-muted"> {item.code}</span> : null}
        {item.type === "attempt" && item.state === "done" ? (
          <span className="e-muted">
            {" "}
            {t("op.feed-brought", { intervals: item.intervals, registers: item.registers })}
          </span>
        ) : null}
        {item.type === "attempt" && item.state === "failed" && item.errorCode ? (
          <span className="e-muted"> {t(problemWords(item.errorCode).what)}</span>
        ) : null}
      </span>
    </li>
  );
}
