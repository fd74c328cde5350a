// Every policy that we generate, before AWS's service authorization reference: its actions exist, each is allowed on resources that it can
// be asked of, each resource is one of some action, and each condition key is one that the action's requests carry.
import { beforeAll, expect, it } from 'vitest';
import { ServiceAuthorization, type ReferenceAction } from '../../hack/aws/conformance/service-authorization.ts';
import type { PolicyDocument, Statement } from '../../operator/policy/document.ts';
import { toList } from '../../operator/policy/one-or-many.ts';
import { Synthesizer } from '../../operator/stacks/synthesizer.ts';
import { sharingPolicies } from '../support/sharing-policies.ts';
import { policiesOf } from '../support/template-policies.ts';
import { SAMPLES } from '../support/template-samples.ts';

/** What is said beyond need, and why. */
const EXCEPTIONS: readonly RegExp[] = [
  // Statements of items name the bucket (or access point) beside its objects for every permission, as data.all writes them: people's tools
  // look for them. What no action is asked of opens nothing: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
  /(?:Write|Modify)\w*: no action is asked of arn:aws:s3:(?:::[^/]+|[^/]+:accesspoint\/[^/]+)$/,
];

const documents = new Map<string, PolicyDocument>();
let reference: ServiceAuthorization;

beforeAll(async () => {
  const synthesizer = new Synthesizer();
  try {
    for (const [name, [kind, props]] of Object.entries(SAMPLES))
      for (const { place, document } of policiesOf((await synthesizer.synthesize(kind, props)).template))
        documents.set(`${name}: ${place}`, document);
  } finally {
    synthesizer.close();
  }
  for (const [name, document] of sharingPolicies()) documents.set(`policy of a ${name}`, document);
  const prefixes = [...documents.values()].flatMap(({ Statement }) =>
    Statement.flatMap(({ Action }) => toList(Action).map((action) => action.split(':')[0] ?? '')),
  );
  reference = await ServiceAuthorization.of([...new Set(prefixes)].toSorted());
});

const isExact = (action: string): boolean => !/[*?]/.test(action);

/** Only a resource policy or a trust policy says nothing of resources. */
const canBeAskedOf = (action: ReferenceAction, resources: readonly string[]): boolean =>
  resources.length === 0 ||
  resources.includes('*') ||
  resources.some((resource) => reference.typesOf(action, resource).length > 0);

const conditionKeys = ({ Condition }: Statement): readonly string[] =>
  Object.entries(Condition ?? {})
    // Where the key is missing, these are as good as not there.
    .filter(([operator]) => !operator.endsWith('IfExists'))
    .flatMap(([, keys]) => Object.keys(keys));

const problemsOf = (statement: Statement): readonly string[] => {
  const resources = toList(statement.Resource);
  const keys = conditionKeys(statement);
  const patterns = toList(statement.Action).map((pattern) => ({ pattern, actions: reference.actions(pattern) }));
  const fits = (action: ReferenceAction): boolean =>
    canBeAskedOf(action, resources) && keys.every((key) => reference.knows(action, key));
  const ofActions = patterns.flatMap(({ pattern, actions }) => {
    const [only] = actions;
    if (only === undefined || (isExact(pattern) && only.name !== pattern)) return [`${pattern} does not exist`];
    if (!isExact(pattern)) return actions.some(fits) ? [] : [`nothing of ${pattern} can be asked so`];
    return [
      ...(canBeAskedOf(only, resources) ? [] : [`${pattern} cannot be asked of ${resources.join(', ')}`]),
      ...keys.filter((key) => !reference.knows(only, key)).map((key) => `${pattern} does not carry ${key}`),
    ];
  });
  const unused = resources.filter(
    (resource) => !patterns.some(({ actions }) => actions.some((action) => canBeAskedOf(action, [resource]))),
  );
  return [...ofActions, ...unused.map((resource) => `no action is asked of ${resource}`)];
};

it('says nothing that the reference of AWS does not know', () => {
  expect(documents.size).toBeGreaterThan(80);
  const problems = [...documents].flatMap(([name, { Statement }]) =>
    Statement.flatMap((statement) =>
      problemsOf(statement).map((problem) => `${name} ${statement.Sid ?? ''}: ${problem}`),
    ),
  );
  expect(problems.filter((problem) => !EXCEPTIONS.some((exception) => exception.test(problem)))).toEqual([]);
});

it('allows an action on a resource of each type that it always names', () => {
  const problems = [...documents].flatMap(([name, { Statement }]) => {
    const allowed = Statement.filter(({ Effect, Resource }) => Effect === 'Allow' && Resource !== undefined);
    const actions = [...new Set(allowed.flatMap(({ Action }) => toList(Action)).filter(isExact))];
    return actions.flatMap((pattern) => {
      const [action] = reference.actions(pattern);
      const on = allowed
        .filter(({ Action }) => toList(Action).includes(pattern))
        .flatMap(({ Resource }) => toList(Resource));
      if (action === undefined || on.includes('*')) return [];
      const covered = new Set(on.flatMap((resource) => reference.typesOf(action, resource)));
      return action.resourceTypes
        .filter((type) => type.required && !covered.has(type.name))
        .map((type) => `${name}: ${pattern} is not allowed on any ${type.name}`);
    });
  });
  expect(problems).toEqual([]);
});

it.each<[string, Statement, string]>([
  [
    'an action that there is not',
    { Effect: 'Allow', Action: 's3:ReadObject', Resource: '*' },
    's3:ReadObject does not exist',
  ],
  [
    'an action in another case',
    { Effect: 'Allow', Action: 's3:getObject', Resource: '*' },
    's3:getObject does not exist',
  ],
  [
    'a resource of another kind',
    { Effect: 'Allow', Action: 's3:GetAccessPoint', Resource: 'arn:aws:s3:*:1:accesspoint/*' },
    's3:GetAccessPoint cannot be asked of arn:aws:s3:*:1:accesspoint/*',
  ],
  [
    'an object for a bucket',
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::orders/raw/*' },
    's3:ListBucket cannot be asked of arn:aws:s3:::orders/raw/*',
  ],
  [
    'a condition that no request meets',
    { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition: { StringLike: { 's3:prefix': 'raw/*' } } },
    's3:GetObject does not carry s3:prefix',
  ],
])('sees %s', (_what, statement, problem) => {
  expect(problemsOf(statement)).toContain(problem);
});
