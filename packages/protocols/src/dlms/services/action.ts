import type { ActionApdu, ActionOutcome, Apdu } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { actionResults, codeOf, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import {
  methodLength,
  putBlock,
  putInvoke,
  putMethod,
  putResult,
  takeBlock,
  takeFlag,
  takeInvoke,
  takeList,
  takeMethod,
  takeResult,
} from "./shared.ts";

const choices = {
  "action-request-normal": 1,
  "action-request-next": 2,
  "action-request-with-list": 3,
  "action-request-first-block": 4,
  "action-request-list-first-block": 5,
  "action-request-block": 6,
  "action-response-normal": 1,
  "action-response-block": 2,
  "action-response-with-list": 3,
  "action-response-next": 4,
} as const satisfies Record<ActionApdu["kind"], number>;

export function takeActionRequest(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  switch (choice) {
    case 1: {
      const method = takeMethod(cursor);
      return takeFlag(cursor)
        ? { kind: "action-request-normal", invoke, method, parameters: takeData(cursor) }
        : { kind: "action-request-normal", invoke, method };
    }
    case 2:
      return { kind: "action-request-next", invoke, block: cursor.uint32() };
    case 3: {
      const methods = takeList(cursor, methodLength, takeMethod);
      const parameters = takeList(cursor, 1, takeData);
      return { kind: "action-request-with-list", invoke, methods, parameters };
    }
    case 4:
      return {
        kind: "action-request-first-block",
        invoke,
        method: takeMethod(cursor),
        ...takeBlock(cursor),
      };
    case 5: {
      const methods = takeList(cursor, methodLength, takeMethod);
      return { kind: "action-request-list-first-block", invoke, methods, ...takeBlock(cursor) };
    }
    case 6:
      return { kind: "action-request-block", invoke, ...takeBlock(cursor) };
    default:
      throw cursor.fail("choice", choiceAt);
  }
}

/** The result of one method, as it stands in a response and in the joined blocks of a list. */
export function takeOutcome(cursor: Cursor): ActionOutcome {
  const actionResult = nameOf(actionResults, cursor.uint8());
  return takeFlag(cursor) ? { actionResult, result: takeResult(cursor) } : { actionResult };
}

export function putOutcome(writer: Writer, { actionResult, result }: ActionOutcome): void {
  writer.uint8(codeOf(actionResults, actionResult)).uint8(result ? 1 : 0);
  if (result) putResult(writer, result);
}

export function takeActionResponse(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  switch (choice) {
    case 1: {
      // Seen in a public server: a refusal that ends with its code.
      if (cursor.left === 1 && cursor.peek() !== 0) {
        const actionResult = nameOf(actionResults, cursor.uint8());
        return { kind: "action-response-normal", invoke, actionResult };
      }
      return { kind: "action-response-normal", invoke, ...takeOutcome(cursor) };
    }
    case 2:
      return { kind: "action-response-block", invoke, ...takeBlock(cursor) };
    case 3:
      return { kind: "action-response-with-list", invoke, outcomes: takeList(cursor, 2, takeOutcome) };
    case 4:
      return { kind: "action-response-next", invoke, block: cursor.uint32() };
    default:
      throw cursor.fail("choice", choiceAt);
  }
}

export function putAction(writer: Writer, apdu: ActionApdu): void {
  const request = apdu.kind.startsWith("action-request");
  writer.uint8(request ? apduTags["action-request"] : apduTags["action-response"]).uint8(choices[apdu.kind]);
  putInvoke(writer, apdu.invoke);
  switch (apdu.kind) {
    case "action-request-normal":
      putMethod(writer, apdu.method);
      writer.uint8(apdu.parameters ? 1 : 0);
      if (apdu.parameters) putData(writer, apdu.parameters);
      return;
    case "action-request-with-list":
    case "action-request-list-first-block":
      writer.size(apdu.methods.length);
      for (const method of apdu.methods) putMethod(writer, method);
      if (apdu.kind === "action-request-list-first-block") {
        putBlock(writer, apdu);
        return;
      }
      writer.size(apdu.parameters.length);
      for (const value of apdu.parameters) putData(writer, value);
      return;
    case "action-request-first-block":
      putMethod(writer, apdu.method);
      putBlock(writer, apdu);
      return;
    case "action-request-block":
    case "action-response-block":
      putBlock(writer, apdu);
      return;
    case "action-request-next":
    case "action-response-next":
      writer.uint32(apdu.block);
      return;
    case "action-response-normal":
      putOutcome(writer, apdu);
      return;
    case "action-response-with-list":
      writer.size(apdu.outcomes.length);
      for (const outcome of apdu.outcomes) putOutcome(writer, outcome);
  }
}
