import { sessionSchema } from "../schemas/accounts.ts";
import { Asked, AskQuery, SeeAs } from "../schemas/people.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about looking as somebody else, and asking for a right. */
export const seenAsOperations = {
  beginSeeAs: operation({
    method: "POST",
    url: "/session/seen-as",
    action: "users.change",
    tag: "session",
    summary: "Looks as somebody else: at most at what both may see, and without changing anything",
    body: SeeAs,
    status: 204,
    answer: nothing,
    problems: [404],
  }),
  endSeeAs: operation({
    method: "DELETE",
    url: "/session/seen-as",
    action: "own.view",
    tag: "session",
    summary: "Looks as oneself again",
    answer: sessionSchema.reference,
  }),
  askForRight: operation({
    method: "GET",
    url: "/rights/ask",
    action: "own.session",
    tag: "session",
    summary: "People who can give a right",
    query: AskQuery,
    answer: Asked,
  }),
} as const;
