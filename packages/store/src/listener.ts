import pg from "pg";
import { identifier } from "./sql.ts";

interface Subscription {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  readonly onResync: (() => void) | undefined;
}

const reconnectDelaysMs = [0, 100, 250, 500, 1000, 2000];

/** One connection that only listens, for all channels of a database; it comes back by itself when the server does. */
export class Listener {
  readonly #config: pg.ClientConfig;
  readonly #subscriptions = new Set<Subscription>();
  #client: pg.Client | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: pg.ClientConfig) {
    this.#config = { ...config, application_name: `${config.application_name}-listen` };
  }

  async add(
    channel: string,
    onMessage: (payload: string) => void,
    onResync?: () => void,
  ): Promise<() => Promise<void>> {
    const subscription: Subscription = { channel, onMessage, onResync };
    this.#subscriptions.add(subscription);
    try {
      await this.#open();
      await this.#client?.query(`listen ${identifier(channel).text}`);
    } catch (error) {
      this.#subscriptions.delete(subscription);
      throw error;
    }
    return async () => {
      this.#subscriptions.delete(subscription);
      const stillHeard = [...this.#subscriptions].some((other) => other.channel === channel);
      if (!stillHeard) await this.#client?.query(`unlisten ${identifier(channel).text}`).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#opening?.catch(() => {});
    await this.#client?.end().catch(() => {});
  }

  #open(): Promise<void> {
    if (this.#client || this.#closed) return Promise.resolve();
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#config);
    client.on("notification", ({ channel, payload }) => {
      for (const subscription of this.#subscriptions) {
        if (subscription.channel === channel) subscription.onMessage(payload ?? "");
      }
    });
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    await client.connect();
    const channels = new Set([...this.#subscriptions].map((subscription) => subscription.channel));
    for (const channel of channels) await client.query(`listen ${identifier(channel).text}`);
    this.#client = client;
    this.#failures = 0;
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.end().catch(() => {});
    this.#reopenLater();
  }

  #reopenLater(): void {
    if (this.#closed) return;
    const delayMs = reconnectDelaysMs[Math.min(this.#failures++, reconnectDelaysMs.length - 1)];
    this.#timer = setTimeout(() => {
      this.#open().then(
        () => {
          for (const subscription of this.#subscriptions) subscription.onResync?.();
        },
        () => this.#reopenLater(),
      );
    }, delayMs);
  }
}
