// Admission policies as plain objects, complete: every field the API server would default is written, so that equal means in force.

import { group, version } from '../kind.ts';
import { installationLabels } from './installation.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** Which requests a policy is about. */
export interface Requests {
  readonly resources: readonly string[];
  readonly operations: readonly Operation[];
  /** Default: ours. */
  readonly apiGroup?: string;
  /** Default: ours. */
  readonly apiVersion?: string;
}

/** The requests of `Requests` that need judging; a policy is skipped when any of its conditions is false. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** An object that expressions know as `params`. */
export interface Parameter {
  readonly kind: { readonly apiVersion: string; readonly kind: string };
  readonly name: string;
  readonly namespace?: string;
  /** What happens while there is no such object. Allow: the policy is skipped. */
  readonly missing: 'Allow' | 'Deny';
}

/** What must hold. The message says what is wrong and what to do; one with variable parts is a CEL expression. */
export type Validation = { readonly expression: string } & (
  { readonly message: string } | { readonly messageExpression: string }
);

interface PolicySource {
  /** Without the prefix `dataall-`. */
  readonly name: string;
  /** One sentence for who reads the policy in a cluster. */
  readonly description: string;
  readonly requests: readonly Requests[];
  readonly conditions?: readonly MatchCondition[];
  readonly parameter?: Parameter;
  /** Evaluated when first used, in this order; each affords two authorizer calls of its own. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ValidatingPolicySource extends PolicySource {
  readonly validations: readonly Validation[];
}

export interface MutatingPolicySource extends PolicySource {
  /**
   * An expression that gives a list of `JSONPatch{...}`. Not `Object{...}` to merge: the API server would merge by a schema it fetches
   * every 5 seconds, and after an upgrade of our CRDs refuse objects with fields it does not know yet.
   */
  readonly patch: string;
}

/** A policy or a binding, of either sort. */
export interface AdmissionObject {
  readonly apiVersion: typeof API_VERSION;
  readonly kind:
    | 'ValidatingAdmissionPolicy'
    | 'ValidatingAdmissionPolicyBinding'
    | 'MutatingAdmissionPolicy'
    | 'MutatingAdmissionPolicyBinding';
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/; mutating ones are v1 since 1.36. */
const API_VERSION = 'admissionregistration.k8s.io/v1';

/** A policy that refuses, with the binding that puts it in force everywhere. */
export function validatingPolicy(source: ValidatingPolicySource): readonly AdmissionObject[] {
  const validations = source.validations.map((validation) => ({ ...validation, reason: 'Forbidden' }));
  return [
    policy('ValidatingAdmissionPolicy', source, { validations }),
    binding('ValidatingAdmissionPolicyBinding', source, { validationActions: ['Deny'] }),
  ];
}

/** A policy that completes objects, with the binding that puts it in force everywhere. */
export function mutatingPolicy(source: MutatingPolicySource): readonly AdmissionObject[] {
  const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression: source.patch } }];
  return [
    policy('MutatingAdmissionPolicy', source, { mutations, reinvocationPolicy: 'Never' }),
    binding('MutatingAdmissionPolicyBinding', source, {}),
  ];
}

function policy(kind: AdmissionObject['kind'], source: PolicySource, what: AdmissionObject['spec']): AdmissionObject {
  const { parameter, conditions = [], variables = {} } = source;
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name: `dataall-${source.name}`,
      labels: installationLabels,
      annotations: { 'kubernetes.io/description': source.description },
    },
    spec: {
      failurePolicy: 'Fail',
      ...(parameter && { paramKind: parameter.kind }),
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: source.requests.map(resourceRule),
      },
      ...(conditions.length > 0 && { matchConditions: conditions }),
      ...(Object.keys(variables).length > 0 && {
        variables: Object.entries(variables).map(([name, expression]) => ({ name, expression })),
      }),
      ...what,
    },
  };
}

function resourceRule(requests: Requests) {
  return {
    apiGroups: [requests.apiGroup ?? group],
    apiVersions: [requests.apiVersion ?? version],
    operations: requests.operations,
    resources: requests.resources,
    scope: '*',
  };
}

function binding(
  kind: AdmissionObject['kind'],
  { name, parameter }: PolicySource,
  what: AdmissionObject['spec'],
): AdmissionObject {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name: `dataall-${name}`, labels: installationLabels },
    spec: {
      policyName: `dataall-${name}`,
      ...(parameter && {
        paramRef: {
          name: parameter.name,
          ...(parameter.namespace !== undefined && { namespace: parameter.namespace }),
          parameterNotFoundAction: parameter.missing,
        },
      }),
      ...what,
    },
  };
}
