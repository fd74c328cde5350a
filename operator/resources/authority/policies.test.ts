import { describe, expect, it } from 'vitest';
import type { AdmissionObject } from './admission.ts';
import { policiesMissing } from './in-force.ts';
import { installManifests } from './install.ts';
import { shippedInstallation } from './installation.ts';
import { admissionPolicies } from './policies.ts';

const objects = admissionPolicies(shippedInstallation());
const policies = objects.filter(({ kind }) => !kind.endsWith('Binding'));

/** Every expression of a policy. */
function expressions(policy: AdmissionObject): string[] {
  const found: string[] = [];
  JSON.stringify(policy.spec, (key, value: unknown) => {
    if ((key === 'expression' || key === 'messageExpression') && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** From the start to the parenthesis that closes the first one. */
function argumentsAt(text: string): string {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (text[index] === ')' && depth === 0) return text.slice(0, index);
  }
  return text;
}

describe('admission policies', () => {
  it('have one binding each, of the same name', () => {
    const names = (kind: string) =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    for (const kind of ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy']) {
      expect(names(`${kind}Binding`)).toEqual(names(kind));
      expect(new Set(names(kind)).size).toBe(names(kind).length);
    }
  });

  it.each(policies.map((policy) => [policy.metadata.name, policy] as const))('%s fails closed', (_, policy) => {
    expect(policy.spec).toMatchObject({ failurePolicy: 'Fail' });
    const binding = objects.find(
      ({ kind, spec }) => kind === `${policy.kind}Binding` && spec['policyName'] === policy.metadata.name,
    );
    if (policy.kind === 'ValidatingAdmissionPolicy')
      expect(binding?.spec).toMatchObject({ validationActions: ['Deny'] });
    expect(binding?.spec).not.toHaveProperty('matchResources');
  });

  it.each(policies.map((policy) => [policy.metadata.name, policy] as const))(
    '%s asks the authorizer at most twice an expression, and in no loop',
    (_, policy) => {
      for (const text of expressions(policy)) {
        expect(text.split('.check(').length - 1, text).toBeLessThanOrEqual(2);
        const loops = text.matchAll(/\.(all|exists|exists_one|map|filter)\(/g);
        for (const { index } of loops) expect(argumentsAt(text.slice(index))).not.toContain('authorizer');
      }
    },
  );

  it('know groups by the prefix of the API server', () => {
    const prefixed = admissionPolicies({ ...shippedInstallation(), groupPrefix: "o'idc:" });
    const owner = prefixed.find(
      ({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === 'dataall-owner',
    );
    expect(JSON.stringify(owner)).toContain(String.raw`('o\\'idc:' + variables.owner) in request.userInfo.groups`);
  });

  it('name the operator by its namespace', () => {
    const elsewhere = JSON.stringify(installManifests({ ...shippedInstallation(), namespace: 'elsewhere' }));
    expect(elsewhere).toContain('system:serviceaccount:elsewhere:dataall-operator');
    expect(elsewhere).not.toContain('dataall-system');
  });
});

describe('policiesMissing', () => {
  it('finds nothing when all are there, whatever else is', () => {
    expect(
      policiesMissing([...objects, { kind: 'ValidatingAdmissionPolicy', metadata: { name: 'x' }, spec: {} }], objects),
    ).toEqual([]);
  });

  it('names each that is missing, changed or going', () => {
    const [first, second, third, ...rest] = structuredClone(objects);
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are more');
    const going = { ...second, metadata: { ...second.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const changed = { ...third, spec: { ...third.spec, failurePolicy: 'Ignore' } };
    expect(policiesMissing([going, changed, ...rest], objects)).toEqual([
      'MutatingAdmissionPolicy dataall-stamp-author is missing',
      'MutatingAdmissionPolicyBinding dataall-stamp-author is being deleted',
      'MutatingAdmissionPolicy dataall-finalizer is not as shipped',
    ]);
  });
});
