import type { Scope } from "@energsys/store";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Answer, Body, Contract, OperationId, Params, Query } from "./contract.ts";
import type { Right } from "./security/catalogue.ts";
import type { Caller } from "./security/sessions.ts";
import type { Services } from "./services.ts";

type IsOpen<Id extends OperationId> = Contract[Id]["action"] extends "anyone" | "first-account"
  ? true
  : false;

/** What a handler is given: inputs of the types that its schemas say, and who calls. */
export interface Call<Id extends OperationId> {
  readonly params: Params<Id>;
  readonly query: Query<Id>;
  readonly body: Body<Id>;
  readonly caller: IsOpen<Id> extends true ? Caller | undefined : Caller;
  /** The part of the network on which the caller holds the operation's right. */
  readonly scope: Contract[Id]["action"] extends Right ? Scope : undefined;
  readonly services: Services;
  /** Aborted when the caller leaves before the answer. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Files and streams are answered through `reply`; everything else is the answer's value. */
type Answered<Id extends OperationId> = Contract[Id] extends { readonly media: string }
  ? FastifyReply
  : Contract[Id] extends { readonly status: 204 }
    ? undefined
    : Answer<Id>;

export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<Answered<Id>>;
export type Handlers<Ids extends OperationId = OperationId> = { readonly [Id in Ids]: Handler<Id> };
