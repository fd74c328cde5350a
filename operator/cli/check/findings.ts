// What `dataall check` judges of an installation: that its parts are there, in force, and of one version. Pure.

import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../kernel/conditions.ts';
import { explain } from '../../resources/explanation/explanation.ts';
import { customResourceDefinition } from '../../resources/generate/crd.ts';
import { kinds } from '../../resources/kinds.ts';
import type { Tenant } from '../../resources/tenant.ts';
import { referenceText, type AnyObject } from '../object-reference.ts';
import { referenceTo } from '../explain/seen-object.ts';

/** `hidden`: the caller may not see what is judged. */
export type Verdict = 'ok' | 'wrong' | 'hidden';

export interface CheckFinding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly evidence: string;
  /** One command. */
  readonly fix?: string | undefined;
}

/** As apiextensions.k8s.io/v1 has it, as far as we read it. */
export interface StoredDefinition {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> | undefined };
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema?: unknown } | undefined;
    }[];
  };
}

const APPLY_CRDS = 'kubectl apply --server-side -f crds/';

/** Whether the cluster's definitions of our kinds are those of this version of the command line. */
export function definitionsFinding(stored: readonly StoredDefinition[]): CheckFinding {
  const check = 'custom resources';
  const wrong = kinds.flatMap((kind): string[] => {
    const wanted = customResourceDefinition(kind);
    const found = stored.find(({ metadata }) => metadata.name === wanted.metadata.name);
    if (found === undefined) return [`${wanted.metadata.name} is missing`];
    const [version] = wanted.spec.versions;
    const other = found.spec.versions.find(({ name }) => name === version?.name);
    const schemaOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;
    return isDeepStrictEqual(schemaOf(other?.schema?.openAPIV3Schema), schemaOf(version?.schema.openAPIV3Schema))
      ? []
      : [`${wanted.metadata.name} is of another version than this dataall`];
  });
  return wrong.length === 0
    ? { check, verdict: 'ok', evidence: `all ${kinds.length} are those of this version` }
    : { check, verdict: 'wrong', evidence: wrong.join('; '), fix: APPLY_CRDS };
}

/** The operator says of the Tenant whether the admission policies are in force, and in effect what it says. */
export function tenantFinding(tenant: Tenant | undefined): CheckFinding {
  const check = 'policies and settings';
  if (tenant === undefined)
    return { check, verdict: 'wrong', evidence: 'there is no Tenant default', fix: 'kubectl create -f tenant.yaml' };
  const { standing, cause, command } = explain(tenant);
  const { maintenance } = tenant.spec;
  if (maintenance !== undefined)
    return {
      check,
      verdict: 'wrong',
      evidence: `in maintenance (${maintenance.mode}): nothing is granted`,
      fix: command,
    };
  if (standing === 'Good') return { check, verdict: 'ok', evidence: 'in force, as the operator found' };
  return {
    check,
    verdict: 'wrong',
    evidence: cause?.evidence ?? 'the operator has not looked at the Tenant',
    fix: command,
  };
}

/** @param ageMs since the Lease was renewed; undefined: nobody holds it */
export function leaderFinding(holder: string | undefined, ageMs: number | undefined, leaseMs: number): CheckFinding {
  const check = 'operator';
  const isThere = holder !== undefined && holder !== '' && ageMs !== undefined && ageMs < leaseMs;
  const fix = 'kubectl get pods -n dataall-system';
  if (isThere) return { check, verdict: 'ok', evidence: `${holder} leads, renewed ${Math.round(ageMs / 1_000)} s ago` };
  return { check, verdict: 'wrong', evidence: holder === undefined || holder === '' ? 'nobody leads' : `${holder} has not renewed its Lease for ${Math.round((ageMs ?? 0) / 1_000)} s`, fix }; // prettier-ignore
}

/** Of objects of one kind: those that nothing more happens with until somebody does something. */
export function objectsFinding(kind: string, objects: readonly AnyObject[]): CheckFinding {
  const check = kind;
  const stuck = objects.filter(({ status }) => findCondition(status.conditions, 'Stalled')?.status === 'True');
  const [first] = stuck;
  if (first === undefined) return { check, verdict: 'ok', evidence: `${objects.length}, none of them stuck` };
  const named = stuck.slice(0, 5).map((one) => referenceText(referenceTo(one)));
  const { namespace, name } = referenceTo(first);
  return {
    check,
    verdict: 'wrong',
    evidence: `${stuck.length} of ${objects.length} stuck: ${named.join(', ')}${stuck.length > named.length ? ', ...' : ''}`,
    fix: `dataall explain ${kind.toLowerCase()}/${namespace === undefined ? '' : `${namespace}/`}${name}`,
  };
}
