import type { Message } from "../text/message.ts";

export const seenExchangeText = {
  "seen-exchange.accept": { en: "It is as it should be: {doubts}", ro: "Este în regulă: {doubts}" },
  "seen-exchange.below-last": {
    en: "the old meter's index is below its last reading",
    ro: "indexul contorului vechi este sub ultima citire",
  },
  "seen-exchange.roll-over": { en: "the register rolled over", ro: "registrul a trecut prin zero" },
  "seen-exchange.above-possible": {
    en: "it counted more than its maximum current allows",
    ro: "a numărat mai mult decât permite curentul maxim",
  },
  "seen-exchange.new-below-last": {
    en: "the new meter's index is below its last reading",
    ro: "indexul contorului nou este sub ultima citire",
  },
  "seen-exchange.readings-after": {
    en: "the old meter has readings after the exchange",
    ro: "contorul vechi are citiri după schimb",
  },
  "seen-exchange.month-closed": {
    en: "a month that it changes is closed for billing",
    ro: "o lună pe care o schimbă este închisă pentru facturare",
  },
  "seen-exchange.values-edited": {
    en: "somebody edited values since",
    ro: "de atunci au fost modificate valori manual",
  },
  "seen-exchange.verification-over": {
    en: "the new meter's verification is over",
    ro: "verificarea contorului nou a expirat",
  },
  "seen-exchange.register-missing": {
    en: "a register has no index",
    ro: "un registru nu are index",
  },
} as const satisfies Record<string, Message>;
