// Which rights of a ServiceAccount's roles were used, read from the API server's audit log.
// @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
import { readFileSync } from 'node:fs';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import type { PolicyRule } from '../../operator/resources/authority/permission-sets.ts';

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly groups?: readonly string[] };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestObject?: {
    readonly roleRef?: { readonly kind: string; readonly name: string };
    readonly rules?: readonly PolicyRule[];
    readonly spec?: { readonly user?: string; readonly resourceAttributes?: ReviewedAttributes };
  };
}

interface ReviewedAttributes {
  readonly group?: string;
  readonly resource?: string;
  readonly verb?: string;
  readonly name?: string;
}

/** One verb on one resource. */
export interface Right {
  readonly group: string;
  /** With `/` and the subresource. */
  readonly resource: string;
  readonly verb: string;
  /** Of the one object that it is about; in a rule, undefined is any. */
  readonly name?: string | undefined;
}

/** A policy for the API server: what these users ask, with the contents of what decides about rights. */
export const auditOf = (users: readonly string[]): KubeObject & Readonly<Record<string, unknown>> => ({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  metadata: { name: 'used-rights' },
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Request',
      users,
      resources: [{ group: 'rbac.authorization.k8s.io' }, { group: 'authorization.k8s.io' }],
    },
    { level: 'Metadata', users },
    { level: 'None' },
  ],
});

/** Every right that the rules give, one by one. */
export const rightsOf = (rules: readonly PolicyRule[]): readonly Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [undefined] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => resourceNames.map((name) => ({ group, resource, verb, name }))),
      ),
    ),
  );

/** For people: `dataall.io/tenants/status patch`. */
export const wordsOf = ({ group, resource, verb, name }: Right): string =>
  `${group === '' ? '' : `${group}/`}${resource}${name === undefined ? '' : ` ${name}`}: ${verb}`;

/** What a user did that takes a right, each as often as it was done. @param file of the API server's audit log */
export function usedRights(file: string, user: string): readonly Right[] {
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ responseStatus }) => (responseStatus?.code ?? 500) < 400);
  return events.flatMap((event) => [
    ...(event.user.username === user ? asked(event) : []),
    // What somebody else had reviewed for this user.
    ...reviewed(event, user),
  ]);
}

function asked({
  verb,
  objectRef,
  impersonatedUser,
  responseStatus,
  requestObject = {},
}: AuditEvent): readonly Right[] {
  if (objectRef === undefined) return [];
  const { apiGroup: group = '', resource, subresource, name } = objectRef;
  const own = { group, resource: subresource === undefined ? resource : `${resource}/${subresource}`, name };
  if (impersonatedUser !== undefined)
    return [
      { ...own, verb: `impersonate-on:user-info:${verb}` },
      { group: 'authentication.k8s.io', resource: 'users', verb: 'impersonate:user-info' },
      ...(impersonatedUser.groups ?? []).map(() => ({
        group: 'authentication.k8s.io',
        resource: 'groups',
        verb: 'impersonate:user-info',
      })),
    ];
  const { roleRef, rules = [] } = requestObject;
  return [
    { ...own, verb },
    // An apply of what is not there takes both.
    ...(verb === 'patch' && responseStatus?.code === 201 ? [{ ...own, verb: 'create' }] : []),
    ...(roleRef?.kind === 'ClusterRole'
      ? [{ group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verb: 'bind', name: roleRef.name }]
      : []),
    // Nobody gives what they do not have.
    ...(verb === 'create' || verb === 'patch' ? rightsOf(rules) : []),
  ];
}

function reviewed({ objectRef, requestObject }: AuditEvent, user: string): readonly Right[] {
  const { resourceAttributes, user: subject } = requestObject?.spec ?? {};
  if (objectRef?.resource !== 'subjectaccessreviews' || subject !== user) return [];
  const { group = '', resource = '', verb = '', name } = resourceAttributes ?? {};
  return [{ group, resource, verb, name }];
}

/** Whether the right of a rule was what the act took. */
export const covers = (right: Right, act: Right): boolean =>
  right.group === act.group &&
  right.resource === act.resource &&
  right.verb === act.verb &&
  (right.name === undefined || right.name === act.name);
