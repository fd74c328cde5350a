// A share is decided once for each state of what its decision rests on: every document that it touches asks for it, again and again.
import { decideShare, type ShareDecision, type ShareInputs } from './consent.ts';
import { basisOf } from './decision-basis.ts';
import { principalObject } from './parties.ts';

interface Remembered {
  readonly basis: readonly unknown[];
  readonly decision: ShareDecision;
}

/** By the request as it was asked. Objects are frozen and a change is a new object, so the same objects mean the same decision. */
const decisions = new WeakMap<ShareInputs['request'], Remembered>();

/** As decideShare. */
export const decideOnce = (given: ShareInputs): ShareDecision => {
  const inputs = basisOf(given);
  const basis = partsOf(inputs);
  const known = decisions.get(inputs.request);
  if (known?.basis.every((part, index) => part === basis[index]) === true) return known.decision;
  const decision = decideShare(inputs);
  decisions.set(inputs.request, { basis, decision });
  return decision;
};

const partsOf = (inputs: ShareInputs): readonly unknown[] => [
  inputs.approval,
  inputs.dataset,
  inputs.tables,
  inputs.producer,
  inputs.consumer,
  inputs.producerOrganization,
  inputs.consumerOrganization,
  inputs.principal && principalObject(inputs.principal),
  inputs.allowWrite,
  inputs.allowSelfApproval,
  inputs.pause,
  knowsTime(inputs) ? inputs.now : undefined,
];

/** Without a time in the specs, the time of day decides nothing. */
const knowsTime = ({ request, approval, dataset }: ShareInputs): boolean =>
  [
    request.spec.expiresAt,
    approval?.spec.expiresAt,
    approval?.status.boundTo?.expiresAt,
    dataset?.spec.sharing?.expiration,
  ].some((time) => time !== undefined);
