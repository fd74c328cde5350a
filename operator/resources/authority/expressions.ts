// The sentences that policies are made of, in the API server's expression language (CEL).
//
// Cost: an authorizer check is 350,000 of the 1,000,000 an expression may spend, and a variable counts as an expression of its own,
// https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints. So at most two checks stand in one expression.

import { group } from '../kind.ts';
import { celString } from '../schema.ts';
import type { MatchCondition } from './admission.ts';
import { operatorUsername, type Installation } from './installation.ts';
import type { OurResource } from './resources.ts';

/** Who makes the request. */
export const AUTHOR = 'request.userInfo.username';

/** A list of strings. */
export const celList = (values: readonly string[]): string => `[${values.map(celString).join(', ')}]`;

/** Where verbs of ours are asked for: an object, or a virtual resource such as `groups`. All parts are CEL expressions. */
interface Target {
  readonly resource: OurResource | 'groups';
  readonly name: string;
  readonly namespace?: string;
}

/** True when RBAC lets the author do `verb` there; one authorizer check. */
export function may(verb: string, { resource, name, namespace }: Target): string {
  const inNamespace = namespace === undefined ? '' : `.namespace(${namespace})`;
  return `authorizer.group('${group}').resource('${resource}')${inNamespace}.name(${name}).check('${verb}').allowed()`;
}

/** True for those who may change the Tenant, which makes a platform administrator; one authorizer check. */
export const IS_PLATFORM_ADMIN = may('update', { resource: 'tenants', name: `'default'` });

/** True for those who may change the Environment whose namespace the object is in; one authorizer check. */
export const OWNS_ENVIRONMENT = may('update', { resource: 'environments', name: 'request.namespace' });

/**
 * True for members of `team` (a CEL expression) and those who hold verb `act-as` on it, such as the ServiceAccount that syncs the
 * team's Git repository; one authorizer check.
 */
export function actsFor(installation: Installation, team: string): string {
  const asTheApiServerSays =
    installation.groupPrefix === '' ? team : `${celString(installation.groupPrefix)} + ${team}`;
  const sync = may('act-as', { resource: 'groups', name: team });
  return `((${asTheApiServerSays}) in request.userInfo.groups || ${sync})`;
}

/** The value of an annotation in `object` or `oldObject`, empty if there is none. */
export const annotationOf = (object: 'object' | 'oldObject', name: string): string =>
  `${object}.metadata.?annotations[?${celString(name)}].orValue('')`;

/** The old object of an update or delete, the new one of a create: what the author's rights are judged by. */
export const EXISTING = 'oldObject == null ? object : oldObject';

/** Requests of anyone but the operator. */
export const byOthers = (installation: Installation): MatchCondition => ({
  name: 'not-the-operator',
  expression: `${AUTHOR} != ${celString(operatorUsername(installation))}`,
});

/** Controllers of Kubernetes that empty namespaces and collect garbage: they finish what somebody was allowed to begin. */
export const KUBERNETES_CONTROLLERS = {
  namespace: 'system:serviceaccount:kube-system:namespace-controller',
  garbage: 'system:serviceaccount:kube-system:generic-garbage-collector',
  /** All of them, where the controller manager runs without `--use-service-account-credentials`. */
  together: 'system:kube-controller-manager',
} as const;

/** Requests of people and of what acts for them. */
export const byPeople = (installation: Installation): MatchCondition => ({
  name: 'people',
  expression: `!(${AUTHOR} in ${celList([operatorUsername(installation), ...Object.values(KUBERNETES_CONTROLLERS)])})`,
});

/** True for a create, a delete, and an update that changes spec. */
export const SPEC_CHANGES = 'oldObject == null || object == null || object.spec != oldObject.spec';

/**
 * Requests that change what people write. Metadata counts as well as spec: whoever may set an owner reference on an object may
 * have it deleted. Updates that change neither (a storage migration, field ownership) pass.
 */
export const somethingChanges: MatchCondition = {
  name: 'something-changes',
  expression: [
    SPEC_CHANGES,
    ...['labels', 'annotations', 'ownerReferences', 'finalizers'].map(
      (field) => `object.metadata.?${field} != oldObject.metadata.?${field}`,
    ),
  ].join(' || '),
};
