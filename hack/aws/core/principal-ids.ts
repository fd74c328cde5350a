// Resource policies and the principals they name: AWS refuses names of nobody, keeps users and roles by unique id, and shows
// the id of those that are gone. So a re-created role has none of the access its predecessor was given by name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
import type { OneOrMany, PolicyDocument, PrincipalElement, Statement } from '../../../operator/policy/document.ts';
import { hasSpread } from './visibility.ts';
import type { World } from './world.ts';

interface KnownIdentity {
  readonly arn: string;
  readonly id: string;
  readonly createdAt: Date;
}

/** Finds identities by ARN and by unique id. IAM's state answers (services/iam/state.ts has this form and more). */
interface IdentityTables {
  readonly users: ReadonlyMap<string, KnownIdentity>;
  readonly roles: ReadonlyMap<string, KnownIdentity>;
}

const identitiesOf = function* (world: World): Iterable<KnownIdentity> {
  for (const { state } of world.states<IdentityTables>('iam')) {
    yield* state.users.values();
    yield* state.roles.values();
  }
};

const idOfArn = (world: World, arn: string): string | undefined => {
  const [, , , , account = '', name = ''] = arn.split(':');
  for (const { account: owner, state } of world.states<IdentityTables>('iam')) {
    if (owner !== account) continue;
    const table = name.startsWith('role/') ? state.roles : state.users;
    const found = table.get(name.split('/').at(-1) ?? '');
    if (found?.arn === arn && hasSpread(world, found)) return found.id;
  }
  return undefined;
};

const isUniqueId = (value: string): boolean => /^A(?:IDA|ROA)[A-Z2-7]+$/.test(value);

/** The stored form of one AWS principal; undefined when it names nobody. */
const stored = (world: World, value: string): string | undefined => {
  if (value === '*') return value;
  if (/^\d{12}$/.test(value)) return world.accounts.has(value) ? `arn:aws:iam::${value}:root` : undefined;
  if (isUniqueId(value)) return [...identitiesOf(world)].some(({ id }) => id === value) ? value : undefined;
  const account = /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(value)?.[1];
  if (account === undefined || !world.accounts.has(account)) return undefined;
  if (value === `arn:aws:iam::${account}:root`) return value;
  const session = /^arn:aws:sts::\d{12}:assumed-role\/([^/*?]+)\/[^/*?]+$/.exec(value);
  if (session !== null) return value;
  return /^arn:aws:iam::\d{12}:(?:role|user)\//.test(value) ? idOfArn(world, value) : undefined;
};

const many = (values: OneOrMany): readonly string[] => (typeof values === 'string' ? [values] : values);

/** One value stays one value, as it was written. */
const mapOneOrMany = (values: OneOrMany, change: (value: string) => string): OneOrMany =>
  typeof values === 'string' ? change(values) : values.map(change);

const mapPrincipal = (
  element: PrincipalElement | undefined,
  change: (value: string) => string,
): PrincipalElement | undefined =>
  element === undefined || element === '*' || element.AWS === undefined
    ? element
    : { ...element, AWS: mapOneOrMany(element.AWS, change) };

const mapStatement = (statement: Statement, change: (value: string) => string): Statement => {
  const { Principal, NotPrincipal, ...rest } = statement;
  const principal = mapPrincipal(Principal, change);
  const notPrincipal = mapPrincipal(NotPrincipal, change);
  return {
    ...rest,
    ...(principal === undefined ? {} : { Principal: principal }),
    ...(notPrincipal === undefined ? {} : { NotPrincipal: notPrincipal }),
  };
};

/** AWS accepts a single statement without a list around it. */
const statementsOf = (policy: PolicyDocument): readonly Statement[] =>
  Array.isArray(policy.Statement)
    ? (policy.Statement as readonly Statement[])
    : [policy.Statement as unknown as Statement];

const mapPolicy = (policy: PolicyDocument, change: (value: string) => string): PolicyDocument => ({
  ...policy,
  Statement: statementsOf(policy).map((statement) => mapStatement(statement, change)),
});

/** AWS principals of a policy that name no account, user or role of this world. Each service words its refusal itself. */
export const unknownPrincipals = (world: World, policy: PolicyDocument): readonly string[] =>
  statementsOf(policy)
    .flatMap(({ Principal, NotPrincipal }) => [Principal, NotPrincipal])
    .flatMap((element) =>
      element === undefined || element === '*' || element.AWS === undefined ? [] : many(element.AWS),
    )
    .filter((value) => stored(world, value) === undefined);

/** The form to keep and to evaluate: users and roles by unique id. Call after `unknownPrincipals` was empty. */
export const storePrincipals = (world: World, policy: PolicyDocument): PolicyDocument =>
  mapPolicy(policy, (value) => stored(world, value) ?? value);

/** The form to show: ARNs again, but for those who are gone. */
export const showPrincipals = (world: World, policy: PolicyDocument): PolicyDocument => {
  let arns: ReadonlyMap<string, string> | undefined;
  return mapPolicy(policy, (value) => {
    // Most policies name accounts and services only: identities are gone through for those that need it.
    if (!isUniqueId(value)) return value;
    arns ??= new Map([...identitiesOf(world)].map(({ id, arn }) => [id, arn]));
    return arns.get(value) ?? value;
  });
};
