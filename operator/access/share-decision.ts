// What one share gives at this moment, and what of a request could not be given: asked of the specs.
import type { ShareRequest } from '../resources/share-request.ts';
import type { ShareDecision, ShareInputs } from './consent.ts';
import { decideOnce } from './decision-memory.ts';
import { checkRequest, type RequestProblems } from './item-check.ts';
import type { SharePrincipal } from './parties.ts';
import type { Specs } from './specs.ts';

/** What one share gives at this moment. */
export const decide = (specs: Specs, request: ShareRequest, now: number): ShareDecision =>
  decideOnce(inputsOf(specs, request, now));

const inputsOf = (specs: Specs, request: ShareRequest, now: number): ShareInputs => {
  const { namespace, name } = request.spec.datasetRef;
  const producer = specs.environment(namespace);
  const consumer = specs.environment(request.metadata.namespace);
  return {
    request,
    approval: specs.approvalFor(request),
    dataset: specs.dataset(namespace, name),
    tables: specs.datasetTables(namespace, name),
    producer,
    consumer,
    producerOrganization: producer && specs.organization(producer.spec.organization),
    consumerOrganization: consumer && specs.organization(consumer.spec.organization),
    principal: principalFor(specs, request),
    ...specs.installation,
    now,
  };
};

/** What of a request could not be given if it were approved as it is. */
export const problemsOf = (specs: Specs, request: ShareRequest): RequestProblems => {
  const { namespace, name } = request.spec.datasetRef;
  return checkRequest(request, {
    dataset: specs.dataset(namespace, name),
    tables: specs.datasetTables(namespace, name),
    consumer: specs.environment(request.metadata.namespace),
    allowWrite: specs.installation.allowWrite,
  });
};

export const principalFor = (specs: Specs, { metadata, spec }: ShareRequest): SharePrincipal | undefined => {
  if (spec.principal.kind === 'Team') {
    const team = specs.team(metadata.namespace, spec.principal.name);
    return team && { kind: 'Team', team };
  }
  const role = specs.consumptionRole(metadata.namespace, spec.principal.name);
  return role && { kind: 'ConsumptionRole', role };
};
