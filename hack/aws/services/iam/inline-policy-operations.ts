// Policies embedded in a user or role.
import { operation, type AnyOperation } from '../../core/operation.ts';
import { identityRules, readPolicy, sizeWithoutWhitespace } from '../../core/policy-text.ts';
import {
  checkName,
  encodeDocument,
  identityNamed,
  identityNeed,
  malformedPolicy,
  nameIn,
  noSuchEntity,
  type IdentityKind,
  type NamedInput,
} from './identities.ts';
import { pageOf, type Paging } from './paging.ts';
import { limitExceeded, ROLE_INLINE_SIZE, USER_INLINE_SIZE } from './quotas.ts';
import type { Identity } from './state.ts';

const quotas: Readonly<Record<IdentityKind, number>> = { Role: ROLE_INLINE_SIZE, User: USER_INLINE_SIZE };

/** All inline policies of an identity share one quota. */
const checkSize = (kind: IdentityKind, identity: Identity, name: string, text: string): void => {
  const others = [...identity.inline].filter(([other]) => other !== name).map(([, stored]) => stored.text);
  const size = [...others, text].map(sizeWithoutWhitespace).reduce((sum, one) => sum + one, 0);
  if (size > quotas[kind]) {
    throw limitExceeded(
      `Maximum policy size of ${quotas[kind]} bytes exceeded for ${kind.toLowerCase()} ${identity.name}`,
    );
  }
};

const notFound = (kind: IdentityKind, name: string) =>
  noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`);

const operationsFor = (kind: IdentityKind): Readonly<Record<string, AnyOperation>> => ({
  [`Put${kind}Policy`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [identityNeed(kind, `Put${kind}Policy`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { PolicyName: name = '', PolicyDocument: text = '' } = input;
      checkName('policyName', name, 128);
      const reading = readPolicy(text, identityRules);
      if (!reading.ok) throw malformedPolicy(reading.problem);
      checkSize(kind, identity, name, text);
      identity.inline.set(name, { text, policy: reading.policy });
      return {};
    },
  }),
  [`Get${kind}Policy`]: operation<NamedInput, object>({
    access: 'read',
    needs: (input, call) => [identityNeed(kind, `Get${kind}Policy`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { PolicyName = '' } = input;
      const stored = identity.inline.get(PolicyName);
      if (stored === undefined) throw notFound(kind, PolicyName);
      return { [`${kind}Name`]: identity.name, PolicyName, PolicyDocument: encodeDocument(stored.text) };
    },
  }),
  [`List${kind}Policies`]: operation<NamedInput & Paging, object>({
    access: 'read',
    needs: (input, call) => [identityNeed(kind, `List${kind}Policies`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { items, ...page } = pageOf([...identity.inline.keys()].sort(), input);
      return { PolicyNames: items, ...page };
    },
  }),
  [`Delete${kind}Policy`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [identityNeed(kind, `Delete${kind}Policy`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { PolicyName = '' } = input;
      if (!identity.inline.delete(PolicyName)) throw notFound(kind, PolicyName);
      return {};
    },
  }),
});

export const inlinePolicyOperations: Readonly<Record<string, AnyOperation>> = {
  ...operationsFor('Role'),
  ...operationsFor('User'),
};
