import { type ApiToken, addApiToken, listApiTokens, removeApiToken } from "@energsys/store";
import type { Answer } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { isRight } from "../security/catalogue.ts";
import { isNetwork } from "../security/networks.ts";
import { newToken } from "../security/sessions.ts";

const dayMs = 86_400_000;

const rowOf = (token: ApiToken): Answer<"listTokens">["rows"][number] => ({
  ...token,
  actions: [...token.actions],
  addresses: [...token.addresses],
  createdAt: iso(token.createdAt),
  expiresAt: iso(token.expiresAt),
  lastUsedAt: iso(token.lastUsedAt),
});

/** Tokens with which programs call in the name of their owner. */
export const tokenHandlers: Handlers<"listTokens" | "createToken" | "deleteToken"> = {
  async listTokens({ caller, services: { db } }) {
    return {
      rows: (await listApiTokens(db, caller.account.accountId)).map(rowOf),
      actions: [...caller.rights.keys()].sort(),
    };
  },

  async createToken({ body, caller, services }) {
    const { db, limits, now } = services;
    const { accountId } = caller.account;
    const strange = body.actions.filter((action) => !isRight(action) || !caller.rights.has(action));
    if (strange.length > 0) throw new Problem("token.scope", { fields: { "/actions": strange.join(", ") } });
    const wrong = body.addresses.filter((address) => !isNetwork(address));
    if (wrong.length > 0) throw new Problem("input.invalid", { fields: { "/addresses": wrong.join(", ") } });
    if ((await listApiTokens(db, accountId)).length >= limits.apiTokensMax)
      throw new Problem("token.too-many");
    const { token, sha256 } = newToken();
    const nowMs = now();
    const added = await addApiToken(db, {
      ...body,
      accountId,
      sha256,
      nowMs,
      expiresAtMs: nowMs + body.days * dayMs,
    });
    return { token, row: rowOf(added) };
  },

  async deleteToken({ params, caller, services }) {
    const { accountId } = caller.account;
    const { tokenId } = params;
    if (!(await removeApiToken(services.db, { accountId, tokenId }))) throw new Problem("token.not-found");
    return undefined;
  },
};
