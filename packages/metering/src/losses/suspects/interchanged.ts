import { type CurveTraits, traitsOf } from "./books.ts";
import type { LossMember, PreparedCell } from "./cell.ts";

/** How far each kind of evidence speaks for an interchange: natural logarithm of the odds, for it where positive. */
export interface InterchangeEvidence {
  readonly phases: number;
  readonly household: number;
  readonly exports: number;
  readonly yearEnergy: number;
}

/** Two members whose books fit the meter of the other. */
export interface Interchange<Id> {
  readonly ids: readonly [Id, Id];
  /** 0 to 1. */
  readonly probability: number;
  readonly evidence: InterchangeEvidence;
}

/**
 * What a disagreement of books and meter is worth, natural logarithm of the odds. A supply whose meter has another number of phases is rare;
 * a business that lives like a household, or panels that nobody entered, are not.
 */
const worth = { phases: 5, household: 2.5, exports: 3 } as const;
/** Odds of two neighbours in the list (installed one after the other) to be interchanged, and of any other two of `n`. */
const neighbourOdds = 1 / 250;
const otherOdds = (n: number) => neighbourOdds / (8 * n);
const probabilityMin = 0.05;

/**
 * Pairs of members of one transformer whose meters were interchanged in the books. The balance cannot show them, since their sum stays; what
 * shows is that each one's meter fits the other's supply: its phases, its kind of load, whether it feeds back, and the energy of former years. Each is in one pair.
 */
export function findInterchanged<Id>(
  cell: PreparedCell<Id>,
  except: ReadonlySet<Id> = new Set(),
): Interchange<Id>[] {
  const { traits, spread } = traitsOf(cell);
  const candidates = cell.columns.flatMap(({ member, inGroup }, nth) =>
    inGroup && !except.has(member.id) ? [{ member, nth, traits: traits[nth]! }] : [],
  );
  const far = otherOdds(candidates.length);
  const found: Interchange<Id>[] = [];
  for (let a = 0; a < candidates.length; a++) {
    for (let b = a + 1; b < candidates.length; b++) {
      const [one, other] = [candidates[a]!, candidates[b]!];
      const evidence = evidenceOf(one, other, spread);
      const prior = other.nth - one.nth === 1 ? neighbourOdds : far;
      const sum = evidence.phases + evidence.household + evidence.exports + evidence.yearEnergy;
      const probability = 1 / (1 + Math.exp(-sum) / prior);
      if (probability >= probabilityMin)
        found.push({ ids: [one.member.id, other.member.id], probability, evidence });
    }
  }
  const taken = new Set<Id>();
  return found
    .sort((a, b) => b.probability - a.probability)
    .filter(({ ids }) => {
      if (ids.some((id) => taken.has(id))) return false;
      for (const id of ids) taken.add(id);
      return true;
    });
}

interface Candidate<Id> {
  readonly member: LossMember<Id>;
  readonly traits: CurveTraits;
}

function evidenceOf<Id>(one: Candidate<Id>, other: Candidate<Id>, spread: number): InterchangeEvidence {
  const both = (gain: (supply: Candidate<Id>, meter: Candidate<Id>) => number) =>
    gain(one, other) + gain(other, one) - gain(one, one) - gain(other, other);
  return {
    phases: both(({ member: { books } }, { member }) =>
      books?.phases === undefined || books.phases === member.phases ? 0 : -worth.phases,
    ),
    household: both(({ member: { books } }, { traits }) =>
      books?.household === undefined ? 0 : worth.household * agreement(books.household, traits.household),
    ),
    exports: both(({ member: { books } }, { traits }) =>
      books?.mayExport === undefined ? 0 : worth.exports * agreement(books.mayExport, traits.exports),
    ),
    yearEnergy: both((supply, meter) => yearFit(supply, meter, spread)),
  };
}

/** 0 where they agree or nothing is seen, -1 where they do not. */
const agreement = (booked: boolean, seen: number): number => (booked ? -(1 - seen) : -seen);

/** Heavy tails: people move out, and buy heat pumps. */
const tailFreedom = 4;

/** How well the energy of a meter fits the supply, natural logarithm of its likelihood but for a constant. */
function yearFit<Id>(supply: Candidate<Id>, meter: Candidate<Id>, spread: number): number {
  const own = supply.traits.logOfExpected;
  if (own === undefined || meter.traits.energyWh <= 0) return 0;
  const log = own + Math.log(meter.traits.energyWh / supply.traits.energyWh);
  return -((tailFreedom + 1) / 2) * Math.log(1 + (log / spread) ** 2 / tailFreedom);
}
