import type { SessionStage } from "@energsys/store";
import Type, { type TSchema } from "typebox";
import type { Right } from "../security/catalogue.ts";

/**
 * What a call needs: a right of the catalogue, or one of the open ones (`anyone` and `first-account` need no session, and
 * `own.view` works also while looking as somebody else). Every operation names one; a route without one does not start.
 */
export type Action = Right | "anyone" | "first-account" | "own.session" | "own.view";

/** One call: what it is asked with, what it answers, and who may ask. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly action: Action;
  /** Steps of a sign-in in which it may be called; only when signed in unless told. */
  readonly stages?: readonly SessionStage[];
  /** Asks anew who somebody is when that was shown more than five minutes ago. */
  readonly stepUp?: true;
  readonly tag: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly status?: number;
  readonly answer: TSchema;
  /** Media type of the answer when it is not JSON. */
  readonly media?: string;
  /** Bytes of a body at most, where the usual limit is too small. */
  readonly bodyBytesMax?: number;
  /** A limit of limits.ts for its body; `bodyBytesMax` when absent. */
  readonly bodyLimit?: "importBytesMax";
  /** Budget of its own, of limits.ts. */
  readonly budget?: "login" | "export";
  /** Statuses of problems that this operation can answer beside 400, 401, 403, 429 and 503. */
  readonly problems?: readonly number[];
}

/** Keeps the exact type of what a call declares. */
export const operation = <const O extends Operation>(given: O) => given;
export const file = Type.String({ description: "The file" });
export const nothing = Type.Null({ description: "Empty" });
