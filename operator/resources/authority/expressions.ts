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
  const sync = may('act-as', { resource: 'groups', name: team });
  return `((${groupOf(installation, team)}) in request.userInfo.groups || ${sync})`;
}

/** `team` (a CEL expression) as the API server names that group. */
export const groupOf = ({ groupPrefix }: Installation, team: string): string =>
  groupPrefix === '' ? team : `${celString(groupPrefix)} + ${team}`;

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

/**
 * Controllers of Kubernetes that empty namespaces, collect garbage and write objects anew in another version: they finish what somebody
 * was allowed to begin, or change nothing.
 */
export const KUBERNETES_CONTROLLERS = {
  namespace: 'system:serviceaccount:kube-system:namespace-controller',
  garbage: 'system:serviceaccount:kube-system:generic-garbage-collector',
  migrator: 'system:serviceaccount:kube-system:storage-version-migrator-controller',
  /** All of them, where the controller manager runs without `--use-service-account-credentials`. */
  together: 'system:kube-controller-manager',
} as const;

/**
 * Requests of people and of what acts for them, those included that change nothing: whoever applies an object as it is comes to own its
 * fields, so that its author's next apply does not take away what it leaves out; and the answer to an empty patch is the whole object.
 */
export const byPeople = (installation: Installation): MatchCondition => ({
  name: 'people',
  expression: `!(${AUTHOR} in ${celList([operatorUsername(installation), ...Object.values(KUBERNETES_CONTROLLERS)])})`,
});

/** True for a create, a delete, and an update that changes spec. */
export const SPEC_CHANGES = 'oldObject == null || object == null || object.spec != oldObject.spec';

/** Each field manager's claims, as far as they are not about time. */
const claims = (object: 'object' | 'oldObject'): string =>
  `${object}.metadata.?managedFields.orValue([]).map(m, [m.manager, m.operation, m.?subresource.orValue(''), m.?fieldsV1.orValue({})])`;

/** Those that server-side apply made to `spec.<path>`. */
function claimsTo(path: string, object: 'object' | 'oldObject'): string {
  const fields = ['spec', ...path.split('.')].map((field) => `[?'f:${field}']`).join('');
  const claim = `m.?fieldsV1${fields}`;
  return `${object}.metadata.?managedFields.orValue([]).filter(m, m.operation == 'Apply' && ${claim}.hasValue()).map(m, [m.manager, ${claim}.value()])`;
}

/** The API server sorts managers by the time of their last request, so order means nothing. */
const areTheSame = (before: string, after: string): string =>
  `(${after}.size() == ${before}.size() && ${after}.all(claim, claim in ${before}))`;

/**
 * True for an update that leaves `spec.<path>` to those who applied it. Who may not change a field must not come to own it either: it
 * would stay when its author leaves it out, https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management.
 */
export const leavesClaimsTo = (path: string): string =>
  `(object == null || oldObject == null || ${areTheSame(claimsTo(path, 'oldObject'), claimsTo(path, 'object'))})`;

/** True for an update after which everything is as before, who owns which field included. */
export const NOTHING_CHANGES = [
  'oldObject != null && object != null && object.spec == oldObject.spec',
  ...['labels', 'annotations', 'ownerReferences', 'finalizers'].map(
    (field) => `object.metadata.?${field} == oldObject.metadata.?${field}`,
  ),
  areTheSame(claims('oldObject'), claims('object')),
].join(' && ');
