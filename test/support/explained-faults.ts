// Faults along the chain from a request to AWS, each planted for itself, that `dataall explain` finds and names the fix of.
import { expect } from 'vitest';
import { runCommand } from '../../operator/cli/program.ts';
import type { ChainExplanation } from '../../operator/cli/explain/chain.ts';
import type { Identity } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { CONSUMER, PRODUCER, tableAt, type ImportScene } from './import-scene.ts';
import { REGION } from './operator-in-process.ts';

export interface Told {
  readonly exit: number;
  readonly text: string;
  readonly errors: string;
}

/** Runs a command as a person at a shell of this cluster; without `who` as its administrator. */
export async function dataall(scene: ImportScene, args: readonly string[], who?: Identity): Promise<Told> {
  let [text, errors] = ['', ''];
  const api = who === undefined ? scene.api : scene.api.as(who);
  const exit = await runCommand(args, {
    write: (more) => (text += more),
    writeError: (more) => (errors += more),
    connect: async ({ namespace = CONSUMER }) => ({ api, namespace, [Symbol.asyncDispose]: async () => {} }),
    ask: async () => ({}),
    environment: {},
    now: () => new Date(),
    interrupted: new AbortController().signal,
  });
  return { exit, text, errors };
}

export async function explained(scene: ImportScene, object: string, who?: Identity): Promise<ChainExplanation> {
  const { text, errors } = await dataall(scene, ['explain', object, '-o', 'json'], who);
  expect(errors).toBe('');
  return JSON.parse(text) as ChainExplanation;
}

/** One thing that is wrong. */
export interface PlantedFault {
  readonly what: string;
  readonly plant: (scene: ImportScene) => Promise<unknown>;
  /** What is asked about: of a request what it is for. */
  readonly object: string;
  readonly cause: { readonly link: string; readonly reason: string; readonly object: string };
  readonly fix: RegExp;
}

const bindingKind: Kind<KubeObject & { readonly spec?: unknown }> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingadmissionpolicybindings',
  kind: 'ValidatingAdmissionPolicyBinding',
  scope: 'Cluster',
};

const ITEMS = [{ kind: 'Bucket', name: 'acme-open' }];
const DATASET = 'open';

interface Share {
  readonly dataset?: string;
  readonly principal?: string;
  readonly request?: object;
  /** Undefined: nobody decided. */
  readonly approval?: object | undefined;
  readonly items?: readonly object[];
}

/** Of a role of its own, so that no fault is another's. */
async function ask(scene: ImportScene, name: string, share: Share = {}): Promise<void> {
  const { dataset = DATASET, items = ITEMS, principal = 'analysts' } = share;
  const terms = { requester: 'marketing', permissions: ['Read'], items };
  const key = { namespace: CONSUMER, name };
  const role = { kind: 'ConsumptionRole', name: principal };
  await scene.apply(shareRequestKind, key, {
    ...terms,
    datasetRef: { namespace: PRODUCER, name: dataset },
    principal: role,
    ...share.request,
  });
  if (share.approval === undefined) return;
  await scene.apply(
    shareApprovalKind,
    { namespace: PRODUCER, name: `${CONSUMER}.${name}` },
    {
      ...terms,
      approver: 'sales',
      datasetRef: { name: dataset },
      requestRef: key,
      principal: { ...role, arn: roleArn(scene, principal) },
      decision: 'Approved',
      ...share.approval,
    },
  );
}

const roleArn = (scene: ImportScene, name: string): string =>
  `arn:aws:iam::${scene.accountId('consumer')}:role/${name}`;

async function makeRole(scene: ImportScene, name: string): Promise<void> {
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${scene.accountId('consumer')}:root` },
    Action: 'sts:AssumeRole',
  };
  await scene.administer('consumer', 'iam', 'CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
}

const register = async (scene: ImportScene, name: string, more: object = {}): Promise<void> =>
  await scene.apply(
    consumptionRoleKind,
    { namespace: CONSUMER, name },
    { label: name, owner: 'marketing', principalArn: roleArn(scene, name), ...more },
  );

const importAs = async (scene: ImportScene, name: string, s3: object): Promise<void> =>
  await scene.apply(
    datasetKind,
    { namespace: PRODUCER, name },
    { label: name, owner: 'sales', confidentiality: 'Official', s3: { origin: 'Import', ...s3 } },
  );

const link = async (scene: ImportScene, name: string, account: string, more: object = {}): Promise<void> =>
  await scene.apply(
    environmentKind,
    { name },
    {
      organization: 'acme',
      label: name,
      owner: 'sales',
      account: { id: scene.accountId(account), region: REGION },
      pivotRole: { mode: 'Managed' },
      ...more,
    },
  );

const APPROVED = {};
const ofRequest = (name: string) => `ShareRequest ${CONSUMER}/${name}`;
const ofApproval = (name: string) => `ShareApproval ${PRODUCER}/${CONSUMER}.${name}`;
const request = (name: string): string => `sharerequest/${CONSUMER}/${name}`;

/** What all of them need: a dataset that can be shared, with a table. */
export async function makeOpenDataset(scene: ImportScene): Promise<void> {
  await scene.makeBucket('acme-open', { 'orders/a.csv': '1,chair\n' });
  await scene.makeDatabase('open', { orders: 's3://acme-open/orders/' });
  await scene.import(DATASET, { bucket: { name: 'acme-open' }, glueDatabase: { name: 'open' } });
  await scene.makeBucket('acme-closed');
  await scene.import('closed', { bucket: { name: 'acme-closed' } });
}

/** All of them can be there at once. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    what: 'a request that is still a draft',
    plant: async (scene) => await ask(scene, 'draft', { request: { draft: true } }),
    object: request('draft'),
    cause: { link: 'Request', reason: 'Draft', object: ofRequest('draft') },
    fix: /^kubectl patch sharerequest draft -n marketing-prod .*"draft":false/,
  },
  {
    what: 'a request that nobody has decided',
    plant: async (scene) => await ask(scene, 'undecided'),
    object: request('undecided'),
    cause: { link: 'Approval', reason: 'PendingApproval', object: ofApproval('undecided') },
    fix: /^dataall approve marketing-prod\/undecided -n sales-prod$/,
  },
  {
    what: 'a request that is suspended',
    plant: async (scene) => await ask(scene, 'suspended', { request: { suspend: true }, approval: APPROVED }),
    object: request('suspended'),
    cause: { link: 'Request', reason: 'Suspended', object: ofRequest('suspended') },
    fix: /^kubectl patch sharerequest suspended -n marketing-prod .*"suspend":false/,
  },
  {
    what: 'a decision that says no',
    plant: async (scene) => await ask(scene, 'refused', { approval: { decision: 'Rejected', reason: 'no need' } }),
    object: request('refused'),
    cause: { link: 'Approval', reason: 'Rejected', object: ofApproval('refused') },
    fix: /^kubectl edit sharerequest refused -n marketing-prod$/,
  },
  {
    what: 'a decision about another requester',
    plant: async (scene) => await ask(scene, 'mismatch', { approval: { requester: 'others' } }),
    object: request('mismatch'),
    cause: { link: 'Approval', reason: 'RequestMismatch', object: ofApproval('mismatch') },
    fix: /^dataall approve marketing-prod\/mismatch -n sales-prod$/,
  },
  {
    what: 'consent that has ended',
    plant: async (scene) => await ask(scene, 'ended', { approval: { expiresAt: '2026-01-01T00:00:00Z' } }),
    object: request('ended'),
    cause: { link: 'Approval', reason: 'Expired', object: ofApproval('ended') },
    fix: /^kubectl patch shareapproval marketing-prod\.ended -n sales-prod .*expiresAt/,
  },
  {
    what: 'a role that was made anew since it was consented to',
    plant: async (scene) => {
      await makeRole(scene, 'anew');
      await register(scene, 'anew');
      await ask(scene, 'stale', { principal: 'anew', approval: APPROVED });
      await scene.until(shareRequestKind, { namespace: CONSUMER, name: 'stale' }, ({ status }) => status.phase === 'Granted'); // prettier-ignore
      const { AttachedPolicies } = await scene.administer<{ AttachedPolicies: { PolicyArn: string }[] }>('consumer', 'iam', 'ListAttachedRolePolicies', { RoleName: 'anew' }); // prettier-ignore
      for (const { PolicyArn } of AttachedPolicies)
        await scene.administer('consumer', 'iam', 'DetachRolePolicy', { RoleName: 'anew', PolicyArn });
      await scene.administer('consumer', 'iam', 'DeleteRole', { RoleName: 'anew' });
      await makeRole(scene, 'anew');
      await scene.requestReconcile(consumptionRoleKind, { namespace: CONSUMER, name: 'anew' });
    },
    object: request('stale'),
    cause: { link: 'Approval', reason: 'ApprovalStale', object: ofApproval('stale') },
    fix: /^dataall approve marketing-prod\/stale -n sales-prod$/,
  },
  {
    what: 'a role that is not registered',
    plant: async (scene) => await ask(scene, 'unregistered', { principal: 'nobody', approval: APPROVED }),
    object: request('unregistered'),
    cause: { link: 'Principal', reason: 'PrincipalNotFound', object: `ConsumptionRole ${CONSUMER}/nobody` },
    fix: /^kubectl get teams,consumptionroles -n marketing-prod /,
  },
  {
    what: 'a role that does not exist in the account',
    plant: async (scene) => {
      await register(scene, 'ghost');
      await ask(scene, 'ghostly', { principal: 'ghost', approval: APPROVED });
    },
    object: request('ghostly'),
    cause: { link: 'Principal', reason: 'PrincipalNotFound', object: `ConsumptionRole ${CONSUMER}/ghost` },
    fix: /^aws iam create-role --role-name ghost /,
  },
  {
    what: 'a role that two stand for',
    plant: async (scene) => {
      await register(scene, 'double', { principalArn: roleArn(scene, 'analysts') });
      await ask(scene, 'doubled', { principal: 'double' });
    },
    object: request('doubled'),
    cause: { link: 'Principal', reason: 'PrincipalTaken', object: `ConsumptionRole ${CONSUMER}/double` },
    fix: /^kubectl describe consumptionrole double -n marketing-prod$/,
  },
  {
    what: 'policies that nobody attached',
    plant: async (scene) => {
      await makeRole(scene, 'loose');
      await register(scene, 'loose', { policyManagement: 'Partially' });
      await ask(scene, 'loosely', { principal: 'loose', approval: APPROVED });
    },
    object: request('loosely'),
    cause: { link: 'Principal', reason: 'AttachmentMissing', object: `ConsumptionRole ${CONSUMER}/loose` },
    fix: /^aws iam attach-role-policy --role-name loose --policy-arn arn:aws:iam::\d{12}:policy\//,
  },
  {
    what: 'a dataset that there is not',
    plant: async (scene) => await ask(scene, 'nowhere', { dataset: 'elsewhere' }),
    object: request('nowhere'),
    cause: { link: 'Dataset', reason: 'DatasetNotFound', object: `Dataset ${PRODUCER}/elsewhere` },
    fix: /^kubectl get datasets -n sales-prod /,
  },
  {
    what: 'a dataset whose bucket does not exist',
    plant: async (scene) => {
      await importAs(scene, 'bucketless', { bucket: { name: 'acme-not-there' } });
      await ask(scene, 'of-bucketless', { dataset: 'bucketless' });
    },
    object: request('of-bucketless'),
    cause: { link: 'Dataset', reason: 'BucketNotFound', object: `Dataset ${PRODUCER}/bucketless` },
    fix: /^aws s3api create-bucket --bucket acme-not-there/,
  },
  {
    what: 'a dataset whose database does not exist',
    plant: async (scene) => {
      await scene.makeBucket('acme-baseless');
      await importAs(scene, 'baseless', { bucket: { name: 'acme-baseless' }, glueDatabase: { name: 'not_there' } });
      await ask(scene, 'of-baseless', { dataset: 'baseless' });
    },
    object: request('of-baseless'),
    cause: { link: 'Dataset', reason: 'DatabaseNotFound', object: `Dataset ${PRODUCER}/baseless` },
    fix: /^aws glue create-database --database-input Name=not_there/,
  },
  {
    what: 'a table that the dataset does not have',
    plant: async (scene) =>
      await ask(scene, 'missing-table', { items: [{ kind: 'Table', name: 'ghosts' }], approval: APPROVED }),
    object: request('missing-table'),
    cause: { link: 'Documents', reason: 'ItemNotFound', object: ofRequest('missing-table') },
    fix: /^kubectl edit sharerequest missing-table -n marketing-prod$/,
  },
  {
    what: 'a filter of a column that the table does not have',
    plant: async (scene) => {
      await scene.produce('glue', 'CreateTable', {
        DatabaseName: 'open',
        TableInput: tableAt('wrong', 's3://acme-open/wrong/'),
      });
      await scene.apply(
        datasetTableKind,
        { namespace: PRODUCER, name: 'wrong' },
        { datasetRef: { name: DATASET }, table: 'wrong', filters: [{ name: 'eu', columns: ['no_such_column'] }] },
      );
      await scene.requestReconcile(datasetKind, { namespace: PRODUCER, name: DATASET });
      const items = [{ kind: 'Table', name: 'wrong', filters: ['eu'] }];
      await ask(scene, 'wrong-filter', { items, approval: APPROVED });
    },
    object: request('wrong-filter'),
    cause: { link: 'Table', reason: 'FilterInvalid', object: `DatasetTable ${PRODUCER}/wrong` },
    fix: /^kubectl edit datasettable wrong -n sales-prod$/,
  },
  {
    what: 'a statement of the bucket policy that is not ours',
    plant: async (scene) => {
      const Statement = [
        {
          Sid: 'Theirs',
          Effect: 'Deny',
          Principal: { AWS: roleArn(scene, 'analysts') },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-closed/*',
        },
      ];
      await scene.produce('s3', 'PutBucketPolicy', {
        Bucket: 'acme-closed',
        Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
      });
      await ask(scene, 'denied', { dataset: 'closed', items: [{ kind: 'Bucket', name: 'acme-closed' }], approval: APPROVED }); // prettier-ignore
    },
    object: request('denied'),
    cause: { link: 'Documents', reason: 'ReaderDenied', object: ofRequest('denied') },
    fix: /^aws s3api get-bucket-policy --bucket acme-closed /,
  },
  {
    what: 'an account that has not consented',
    plant: async (scene) => await link(scene, 'unconsented', 'producer', { owner: 'marketing' }),
    object: 'environment/unconsented',
    cause: { link: 'AccountConsent', reason: 'ConsentMissing', object: 'Environment unconsented' },
    fix: /aws ssm put-parameter .*--name \/dataall\/dataall\/consent/,
  },
  {
    what: 'an account whose role does not let us in',
    plant: async (scene) => await link(scene, 'locked', 'hub', { pivotRole: { mode: 'Existing' } }),
    object: 'environment/locked',
    cause: { link: 'AccountConsent', reason: 'PivotRoleUnreachable', object: 'Environment locked' },
    fix: /^npx aws-cdk@2 bootstrap .*--stack-name dataall-pivot-role/,
  },
  {
    what: 'an account that another environment has',
    plant: async (scene) => await link(scene, 'twice', 'producer'),
    object: 'environment/twice',
    cause: { link: 'Environment', reason: 'AccountTaken', object: 'Environment twice' },
    fix: /^kubectl get environments /,
  },
  {
    what: 'an organization that there is not',
    plant: async (scene) => await link(scene, 'astray', 'hub', { organization: 'nowhere' }),
    object: 'environment/astray',
    cause: { link: 'Organization', reason: 'OrganizationNotFound', object: 'Organization nowhere' },
    fix: /^kubectl create -f organization\.yaml .*nowhere$/,
  },
];

/** One that stands in the way of everybody. */
export interface PassingFault extends Omit<PlantedFault, 'plant'> {
  /** Answers what mends it. */
  readonly plant: (scene: ImportScene) => Promise<() => Promise<unknown>>;
}

const setOrganization = async (scene: ImportScene, groups: readonly string[]): Promise<void> => {
  const teams = groups.map((group) => ({ group, permissions: ['LINK_ENVIRONMENT'] }));
  await scene.apply(organizationKind, { name: 'acme' }, { label: 'ACME', owner: 'platform', teams });
};

/** Each shows on a share that is otherwise well. */
export const passingFaults: readonly PassingFault[] = [
  {
    what: 'a group that was taken out of the organization',
    plant: async (scene) => {
      await setOrganization(scene, ['sales']);
      return async () => await setOrganization(scene, ['sales', 'marketing']);
    },
    object: request('open-for-analysts'),
    cause: { link: 'Organization', reason: 'NotInvited', object: 'Organization acme' },
    fix: /^kubectl patch organization acme --type=json .*"group":"marketing"/,
  },
  {
    what: 'an installation in maintenance',
    plant: async (scene) => {
      const tenant = { administrators: ['admins'] };
      await scene.apply(tenantKind, { name: 'default' }, { ...tenant, maintenance: { mode: 'ReadOnly' } });
      await ask(scene, 'maintained', { approval: APPROVED });
      return async () => await scene.api.patch(tenantKind, { name: 'default' }, { type: 'json', operations: [{ op: 'remove', path: '/spec/maintenance' }] }); // prettier-ignore
    },
    object: request('maintained'),
    cause: { link: 'Installation', reason: 'Maintenance', object: 'Tenant default' },
    fix: /^kubectl patch tenant default --type=json .*"\/spec\/maintenance"/,
  },
  {
    what: 'an admission policy that somebody deleted',
    plant: async (scene) => {
      const [policy] = (await scene.api.list(bindingKind)).items.filter(({ metadata }) =>
        metadata.name.includes('dataall'),
      );
      if (policy === undefined) throw new Error('there are no policies of ours');
      await scene.api.delete(bindingKind, policy.metadata);
      await ask(scene, 'unprotected', { approval: APPROVED });
      const { apiVersion, kind, metadata, spec } = policy;
      return async () => await scene.harness.apply([{ apiVersion, kind, metadata: { name: metadata.name, ...(metadata.labels && { labels: metadata.labels }) }, spec } as KubeObject]); // prettier-ignore
    },
    object: request('unprotected'),
    cause: { link: 'Installation', reason: 'PoliciesMissing', object: 'Tenant default' },
    fix: /^helm upgrade dataall charts\/dataall --namespace dataall-system --reset-then-reuse-values$/,
  },
];
