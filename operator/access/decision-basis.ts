// What a share's decision rests on: of each object its spec and who it is, and of its status the few facts that controllers found out. Statuses
// are written far more often than any of that changes, above all those that count the requests of a dataset or a role: none of them may have
// hundreds of shares decided anew.
import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from '../resources/kind.ts';
import type { ConsumptionRole } from '../resources/consumption-role.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { Organization } from '../resources/organization.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import type { ShareInputs } from './consent.ts';
import { oncePerObject } from './once-per-object.ts';
import type { SharePrincipal } from './parties.ts';

/** The same, in objects that hold nothing else; each is the one of before where it says the same. What is not in them decides nothing. */
export const basisOf = (inputs: ShareInputs): ShareInputs => {
  const { request, approval, dataset, producer, consumer, principal, producerOrganization, consumerOrganization } =
    inputs;
  return {
    ...inputs,
    request: ofRequest(request),
    approval: approval && ofApproval(approval),
    dataset: dataset && ofDataset(dataset),
    producer: producer && ofEnvironment(producer),
    consumer: consumer && ofEnvironment(consumer),
    principal: principal && ofPrincipal(principal),
    producerOrganization: producerOrganization && ofOrganization(producerOrganization),
    consumerOrganization: consumerOrganization && ofOrganization(consumerOrganization),
  };
};

interface Specified {
  readonly metadata: ObjectMeta;
  readonly spec: object;
}

/** A store keeps the spec of an object for as long as it is the same: by it the part of before is found. */
const keptParts = <T extends Specified>(part: (object: T) => T): ((object: T) => T) => {
  const known = new WeakMap<object, T>();
  return oncePerObject((object: T): T => {
    const before = known.get(object.spec);
    const now = part(object);
    if (before !== undefined && isDeepStrictEqual(before, now)) return before;
    known.set(object.spec, now);
    return now;
  });
};

/** Without what every write changes. */
const metadataOf = <Meta extends ObjectMeta>(metadata: Meta): Meta => {
  const kept = { ...metadata, resourceVersion: '' };
  delete kept.finalizers;
  return kept;
};

const UNSEEN = { observedGeneration: -1 };

const ofRequest = keptParts((request: ShareRequest): ShareRequest => ({
  ...request,
  metadata: metadataOf(request.metadata),
  status: UNSEEN,
}));

const ofApproval = keptParts((approval: ShareApproval): ShareApproval => {
  const { boundTo } = approval.status;
  return { ...approval, metadata: metadataOf(approval.metadata), status: { ...UNSEEN, ...(boundTo && { boundTo }) } };
});

const ofDataset = keptParts((dataset: Dataset): Dataset => {
  const { id, account, region, bucket, keyArn, glueDatabase } = dataset.status;
  const status = { ...UNSEEN, id, account, region, bucket, keyArn, glueDatabase };
  return { ...dataset, metadata: metadataOf(dataset.metadata), status };
});

const ofEnvironment = keptParts((environment: Environment): Environment => {
  const { id } = environment.status;
  return { ...environment, metadata: metadataOf(environment.metadata), status: { ...UNSEEN, id } };
});

const ofOrganization = keptParts((organization: Organization): Organization => ({
  ...organization,
  metadata: metadataOf(organization.metadata),
  status: UNSEEN,
}));

const ofTeam = keptParts((team: Team): Team => {
  const { id, roleArn, roleId, conditions } = team.status;
  const status = { ...UNSEEN, id, roleArn, roleId, ...readiness(conditions) };
  return { ...team, metadata: metadataOf(team.metadata), status };
});

const ofRole = keptParts((role: ConsumptionRole): ConsumptionRole => {
  const { id, principalId, conditions } = role.status;
  const status = { ...UNSEEN, id, principalId, ...readiness(conditions) };
  return { ...role, metadata: metadataOf(role.metadata), status };
});

const ofPrincipal = (principal: SharePrincipal): SharePrincipal =>
  principal.kind === 'Team'
    ? { kind: 'Team', team: ofTeam(principal.team) }
    : { kind: 'ConsumptionRole', role: ofRole(principal.role) };

/** Why it is not ready may be told. */
const readiness = (conditions: Team['status']['conditions']) => {
  const ready = conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined ? {} : { conditions: [ready] };
};
