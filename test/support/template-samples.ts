// Props of every kind of template that is deployed or published, in the variants that make other resources.
import { datasetProps, environmentProps, producerId } from '../../operator/stacks/testing/stack-test-env.ts';
import type { StackKind, StackPropsByKind } from '../../operator/stacks/stack-props.ts';

type Sample = {
  [Kind in StackKind]: readonly [kind: Kind, props: StackPropsByKind[Kind]];
}[StackKind];

const { owner } = environmentProps;
const keyArn = `arn:aws:kms:eu-west-1:${producerId}:key/11111111-2222-3333-4444-555555555555`;
const roleArn = `arn:aws:iam::${producerId}:role/path/theirs`;
const boundary = { permissionsBoundaryArn: `arn:aws:iam::${producerId}:policy/boundary` };
const importing = (buckets: number): StackPropsByKind['environment'] => ({
  ...environmentProps,
  pivotRole: {
    ...environmentProps.pivotRole,
    mode: 'Managed',
    trust: { hubAccount: '111111111111', principalPatterns: [`arn:aws:iam::111111111111:role/*`], externalId: 'e' },
    imported: {
      buckets: Array.from({ length: buckets }, (_, index) => `brought-along-${index}`),
      namedBuckets: ['made-by-its-own-name'],
      keyArns: [keyArn],
      roleArns: [roleArn],
    },
  },
});
const imported = { ...datasetProps, storage: { origin: 'Import' as const, bucket: 'brought-along' } };
const team = { ...datasetProps, stackName: 'dataall-analysts-env00001', team: owner };

export const SAMPLES: Readonly<Record<string, Sample>> = {
  environment: ['environment', environmentProps],
  'environment-without-datasets': [
    'environment',
    { ...importing(0), owner: { ...owner, owned: { buckets: [], keyArns: [], databases: [] } } },
  ],
  'environment-with-many-imports': ['environment', importing(150)],
  'environment-with-keys': [
    'environment',
    { ...environmentProps, owner: { ...owner, owned: { ...owner.owned, keyArns: [keyArn] } } },
  ],
  'environment-bounded': ['environment', { ...environmentProps, ...boundary }],
  'environment-of-us-east-1': ['environment', { ...environmentProps, region: 'us-east-1' }],
  'environment-with-its-own-pivot-role': [
    'environment',
    { ...environmentProps, pivotRole: { mode: 'Existing', name: 'dataallPivotRole' } },
  ],
  team: ['team', team],
  'team-with-its-own-role': ['team', { ...team, team: { ...owner, roleName: undefined, importedRoleArn: roleArn } }],
  'team-that-queries-nothing': ['team', { ...team, team: { ...owner, mayQuery: false } }],
  dataset: ['dataset', datasetProps],
  'dataset-bounded': ['dataset', { ...datasetProps, ...boundary }],
  'dataset-imported': ['dataset', imported],
  'dataset-imported-with-key': ['dataset', { ...imported, storage: { ...imported.storage, keyArn } }],
  'dataset-imported-with-database': ['dataset', { ...imported, newDatabase: undefined, database: 'theirs' }],
  'dataset-imported-as-a-whole': [
    'dataset',
    { ...imported, roleName: undefined, newDatabase: undefined, database: 'theirs' },
  ],
  'published-pivot-role': ['pivot-role', null],
  'published-execution-policy': ['execution-policy', null],
};
