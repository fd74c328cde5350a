// Who may ask for access and consent to it: each rule with somebody who may and somebody who may not.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { annotations, labels } from '../../operator/resources/annotations.ts';
import { allowed, refused } from '../support/authority-actor.ts';
import { attempts, change, remove } from '../support/authority-attempts.ts';
import { eventually, startScene, type Scene } from '../support/authority-scene.ts';
import { datasetTableManifest, shareRequestManifest } from '../support/large-objects.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

describe('acting for a group', () => {
  const role = (metadata = {}, spec = {}) =>
    scene.variant('ConsumptionRole/notebooks', { name: 'new', ...metadata }, spec);
  const request = () => scene.variant('ShareRequest/orders', { name: 'new' });
  attempts(
    () => scene,
    [
      { who: 'ana', what: 'registers a role of her group', object: role },
      {
        who: 'ana',
        what: 'registers a role for another group',
        object: () => role({}, { owner: 'marketing-engineers' }),
        message: 'only members of its owner, group marketing-engineers',
      },
      {
        who: 'mia',
        what: 'changes a role of a team in her environment',
        object: () => scene.variant('ConsumptionRole/notebooks'),
        act: change({ spec: { label: 'Hers' } }),
        message: 'only members of its owner',
      },
      {
        who: 'mia',
        what: 'takes over a role',
        object: () => scene.variant('ConsumptionRole/notebooks'),
        act: change({ spec: { owner: 'marketing-engineers' } }),
        message: 'only members of its owner',
      },
      {
        who: 'mia',
        what: 'deletes a role of a team in her environment',
        object: () => scene.variant('ConsumptionRole/notebooks'),
        act: remove,
        message: 'only members of its owner',
      },
      { who: 'pat', what: 'registers a role for any group', object: role },
      { who: 'git', what: 'registers a role as the ServiceAccount that acts for the group', object: role },
      {
        who: 'git',
        what: 'registers a role for another group than it acts for',
        object: () => role({}, { owner: 'marketing-engineers' }),
        message: 'only members of its owner',
      },
      {
        who: 'plain',
        what: 'registers a role with all rights in the namespace but not acting for the group',
        object: role,
        message: 'only members of its owner',
      },
      { who: 'ana', what: 'asks for access', object: request },
      {
        who: 'mia',
        what: 'asks in the name of another group',
        object: request,
        message: 'only members of the requesting group Marketing Analysts/EMEA@acme.example',
      },
      {
        who: 'pat',
        what: 'asks in the name of another group',
        object: request,
        message: 'only members of the requesting group',
      },
      { who: 'git', what: 'asks as the ServiceAccount that acts for the group', object: request },
      {
        who: 'plain',
        what: 'asks without acting for the group',
        object: request,
        message: 'only members of the requesting group',
      },
      { who: 'zoe', what: 'asks as a stranger', object: request, message: 'cannot create resource' },
    ],
  );

  it('lets requests be changed and withdrawn by the requesting group alone, and cleaned up by platform administrators', async () => {
    const object = request();
    await allowed(scene.as.ana.create(object));
    const more = { spec: { items: [{ kind: 'Bucket', name: 'all-of-it' }] } };
    await scene.refusedLeaving(object, () => scene.as.mia.change(object, more), 'only members of the requesting group');
    await scene.refusedLeaving(object, () => scene.as.pat.change(object, more), 'only members of the requesting group');
    await scene.refusedLeaving(object, () => scene.as.mia.delete(object), 'only members of the requesting group');
    await allowed(scene.as.ana.change(object, more));
    await allowed(scene.as.pat.delete(object));
    await scene.dispose(object);
  });

  it('lets a draft be put together by the requesting group alone, and asked for once there is something in it', async () => {
    const object = scene.variant('ShareRequest/orders', { name: 'new' }, { draft: true, items: [] });
    await allowed(scene.as.ana.create(object));
    const items = [{ kind: 'Bucket', name: 'all-of-it' }];
    for (const spec of [{ items }, { draftItems: items }, { withdrawn: items }, { extension: { reason: 'Longer' } }])
      await scene.refusedLeaving(
        object,
        () => scene.as.mia.change(object, { spec }),
        'only members of the requesting group',
      );
    await scene.refusedLeaving(
      object,
      () => scene.as.ana.change(object, { spec: { draft: false } }),
      'list at least one table, folder or bucket, or keep it as a draft',
    );
    await allowed(scene.as.ana.change(object, { spec: { draft: false, items, extension: { reason: 'Longer' } } }));
    await scene.refusedLeaving(
      object,
      () => scene.as.ana.change(object, { spec: { items: [] } }),
      'at least one table',
    );
    await allowed(scene.as.ana.change(object, { spec: { items: [], draftItems: items, withdrawn: items } }));
    await scene.dispose(object);
  });

  it('lets an owner give a dataset away, and nobody take one', async () => {
    const object = scene.variant('Dataset/orders', { name: 'given' });
    await allowed(scene.as.sam.create(object));
    await scene.syncRbac();
    await scene.refusedLeaving(
      object,
      () => scene.as.stu.change(object, { spec: { owner: 'sales-stewards' } }),
      'cannot patch',
    );
    await scene.refusedLeaving(
      object,
      () => scene.as.finn.change(object, { spec: { owner: 'sales-finance' } }),
      'only members of its owner, group sales-analysts',
    );
    await allowed(scene.as.sam.change(object, { spec: { owner: 'sales-finance' } }));
    await scene.syncRbac();
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.change(object, { spec: { owner: 'sales-analysts' } }),
      'only members of its owner, group sales-finance',
    );
    await allowed(scene.as.pat.change(object, { spec: { owner: 'sales-analysts' } }));
    await scene.dispose(object);
    await scene.syncRbac();
  });

  it('lets no platform administrator decide about a dataset of others, by naming themselves or by opening it', async () => {
    const object = scene.variant('Dataset/orders');
    const take = (spec: object) => () => scene.as.pat.change(object, { spec });
    const mine = 'platform-admins';
    await scene.refusedLeaving(object, take({ owner: mine }), 'not to a group of their own such as platform-admins');
    const folders = [{ name: 'all', prefix: 'all/' }];
    await scene.refusedLeaving(object, take({ stewards: [mine] }), 'spec.stewards has a say in who gets at the data');
    await scene.refusedLeaving(object, take({ stewards: null }), 'spec.stewards has a say');
    await scene.refusedLeaving(object, take({ sharing: { autoApproval: true } }), 'spec.sharing has a say');
    await scene.refusedLeaving(object, take({ confidentiality: 'Unclassified' }), 'spec.confidentiality has a say');
    await scene.refusedLeaving(object, take({ s3: { coOwners: [mine] } }), 'spec.s3.coOwners has a say');
    await scene.refusedLeaving(object, take({ folders }), 'spec.folders has a say');
    await allowed(scene.as.pat.change(object, { spec: { suspend: true } }));
    await allowed(scene.as.sam.change(object, { spec: { suspend: null, confidentiality: 'Official', folders } }));
    await allowed(scene.as.sam.change(object, { spec: { folders: null } }));
    const role = scene.variant('ConsumptionRole/notebooks');
    await scene.refusedLeaving(role, () => scene.as.pat.change(role, { spec: { owner: mine } }), 'of their own');
    // Who may act as anybody acts for the owner too.
    await allowed(scene.as.root.change(object, { spec: { stewards: [mine] } }));
    await allowed(scene.as.sam.change(object, { spec: { stewards: ['sales-stewards'] } }));
  });
});

describe('approvals', () => {
  const approval = (metadata = {}, spec = {}) => scene.variant('ShareApproval/marketing-prod.orders', metadata, spec);
  const byStewards = { approver: 'sales-stewards' };
  const pending = { decision: 'Pending' };
  attempts(
    () => scene,
    [
      { who: 'sam', what: 'approves as owner', object: approval },
      { who: 'stu', what: 'approves as steward', object: () => approval({}, byStewards) },
      {
        who: 'stu',
        what: 'approves as steward in the name of the owner',
        object: approval,
        message: 'spec.approver is the group that decides, and you do not act for sales-analysts',
      },
      {
        who: 'sam',
        what: 'approves in the name of nobody',
        object: () => approval({}, { approver: undefined }),
        message: 'spec.approver: Required value',
      },
      {
        who: 'sam',
        what: 'names the requesting group as the one that decides',
        object: () => approval({}, { approver: 'Marketing Analysts/EMEA@acme.example' }),
        message: 'you do not act for Marketing Analysts/EMEA@acme.example',
      },
      {
        who: 'root',
        what: 'names the requesting group as the one that decides, as system:masters',
        object: () => approval({}, { approver: 'Marketing Analysts/EMEA@acme.example' }),
        message: 'asks for access, so it may not be spec.approver too',
      },
      {
        who: 'operator',
        what: 'approves by auto-approval',
        object: () => approval({ labels: { [labels.autoApproved]: 'true' } }),
      },
      {
        who: 'ana',
        what: 'approves her own request',
        object: approval,
        message: 'cannot create resource "shareapprovals"',
      },
      {
        who: 'zoe',
        what: 'approves as a stranger',
        object: approval,
        message: 'cannot create resource "shareapprovals"',
      },
      {
        who: 'finn',
        what: 'approves for another dataset of the same namespace',
        object: approval,
        message: 'deciding about requests for dataset sales-prod/orders needs verb approve on it',
      },
      {
        who: 'eve',
        what: 'approves as owner of the environment',
        object: approval,
        message: 'cannot create resource "shareapprovals"',
      },
      { who: 'pat', what: 'approves as platform administrator', object: approval, message: 'needs verb approve' },
      {
        who: 'argo',
        what: 'approves by a deployment tool on the deny list',
        object: approval,
        message: 'argocd-application-controller may not decide about requests (approvalDenyList)',
      },
      {
        who: 'sam',
        what: 'approves for a dataset that is not there',
        object: () => approval({}, { datasetRef: { name: 'gone' } }),
        message: 'needs verb approve',
      },
      {
        who: 'sam',
        what: 'approves what his own group asks for',
        object: () => approval({}, { requester: 'sales-analysts' }),
        message: 'you act for the requesting group sales-analysts and so may not decide',
      },
      { who: 'root', what: 'approves as system:masters', object: approval },
      {
        who: 'sam',
        what: 'marks his approval as automatic',
        object: () => approval({ labels: { [labels.autoApproved]: 'true' } }),
        message: 'label dataall.io/auto-approved',
      },
      {
        who: 'sam',
        what: 'marks a generation of his approval as automatic',
        object: () => approval({ annotations: { [annotations.automaticGeneration]: '2' } }),
        message: 'annotation dataall.io/automatic-generation is written by the operator',
      },
      { who: 'sam', what: 'prepares a decision as owner', object: () => approval({}, pending) },
      { who: 'stu', what: 'prepares a decision as steward', object: () => approval({}, { ...pending, ...byStewards }) },
      {
        who: 'stu',
        what: 'prepares a decision in the name of the owner',
        object: () => approval({}, pending),
        message: 'spec.approver is the group that decides, and you do not act for sales-analysts',
      },
      {
        who: 'finn',
        what: 'prepares a decision for another dataset of the same namespace',
        object: () => approval({}, pending),
        message: 'deciding about requests for dataset sales-prod/orders needs verb approve on it',
      },
      {
        who: 'ana',
        what: 'prepares a decision about her own request',
        object: () => approval({}, pending),
        message: 'cannot create resource "shareapprovals"',
      },
      {
        who: 'sam',
        what: 'prepares a decision about what his own group asks for',
        object: () => approval({}, { ...pending, requester: 'sales-analysts' }),
        message: 'you act for the requesting group sales-analysts and so may not decide',
      },
    ],
  );

  it('are changed and withdrawn by who may approve', async () => {
    const object = approval();
    await allowed(scene.as.sam.create(object));
    const more = { spec: { permissions: ['Read', 'Write'] } };
    await scene.refusedLeaving(object, () => scene.as.finn.change(object, more), 'needs verb approve');
    await scene.refusedLeaving(object, () => scene.as.finn.delete(object), 'needs verb approve');
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.change(object, { spec: { requester: 'sales-analysts' } }),
      'you act for the requesting group',
    );
    await allowed(scene.as.stu.change(object, { spec: { decision: 'Rejected' } }));
    await allowed(scene.as.stu.delete(object));
    await scene.dispose(object);
  });

  it('are taken over by who acts for the new approver, and changed by nobody in the name of another group', async () => {
    const object = approval();
    await allowed(scene.as.sam.create(object));
    const inTheNameOfSam = 'you do not act for sales-analysts';
    const rejected = { decision: 'Rejected' };
    const rejectedAndMore = [
      { ...rejected, permissions: ['Read', 'Write'] },
      { ...rejected, items: [{ kind: 'Table', name: 'returns' }] },
      { ...rejected, expiresAt: '2030-01-01T00:00:00Z' },
      { ...rejected, suspend: true },
    ];
    for (const spec of [{ permissions: ['Read', 'Write'] }, { reason: 'Another' }, {}, ...rejectedAndMore])
      await scene.refusedLeaving(object, () => scene.as.stu.change(object, { spec }), inTheNameOfSam);
    await allowed(scene.as.stu.change(object, { spec: { ...rejected, reason: 'The report is out' } }));
    await allowed(scene.as.sam.change(object, { spec: { decision: 'Approved', reason: 'It is not' } }));
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.change(object, { spec: byStewards }),
      'you do not act for sales-stewards',
    );
    await allowed(scene.as.stu.change(object, { spec: { ...byStewards, reason: 'Another' } }));
    await allowed(scene.as.sam.change(object, { spec: { decision: 'Rejected' } }));
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.change(object, { spec: { decision: 'Approved' } }),
      'you do not act for sales-stewards',
    );
    await scene.dispose(object);
  });

  it('that are being prepared are changed and removed by who may decide, and by nobody in the name of another group', async () => {
    const object = approval({}, pending);
    await allowed(scene.as.sam.create(object));
    const items = [{ kind: 'Table', name: 'orders', filters: ['eu_only'] }];
    await allowed(scene.as.sam.change(object, { spec: { items } }));
    const inTheNameOfSam = 'you do not act for sales-analysts';
    for (const spec of [{ items: [] }, { decision: 'Approved' }])
      await scene.refusedLeaving(object, () => scene.as.stu.change(object, { spec }), inTheNameOfSam);
    await scene.refusedLeaving(object, () => scene.as.finn.delete(object), 'needs verb approve');
    await allowed(scene.as.stu.change(object, { spec: { ...byStewards, decision: 'Approved', items } }));
    await allowed(scene.as.stu.delete(object));
    await scene.dispose(object);
  });

  it('in which items are taken back, or an extension is answered, are edited in one’s own name, and never back to undecided', async () => {
    const object = approval();
    await allowed(scene.as.sam.create(object));
    const at = '2026-11-30T12:00:00Z';
    const withdrawn = [{ kind: 'Folder', name: 'raw', at }];
    const extension = { decision: 'Rejected', at };
    for (const spec of [{ withdrawn }, { extension }, { rejected: withdrawn }, { prepared: [] }])
      await scene.refusedLeaving(
        object,
        () => scene.as.stu.change(object, { spec }),
        'you do not act for sales-analysts',
      );
    await scene.refusedLeaving(
      object,
      () => scene.as.sam.change(object, { spec: pending }),
      'what was approved is neither ended nor kept by Pending: set decision to Rejected',
    );
    await allowed(scene.as.sam.change(object, { spec: { withdrawn, extension } }));
    await allowed(scene.as.stu.change(object, { spec: { ...byStewards, withdrawn: [] } }));
    await allowed(scene.as.stu.change(object, { spec: { decision: 'Rejected' } }));
    await allowed(scene.as.stu.change(object, { spec: pending }));
    await scene.dispose(object);
  });

  it('of what one’s own group asked for can be withdrawn, but a rejection cannot be removed', async () => {
    const object = approval({}, { requester: 'sales-analysts', ...byStewards });
    await allowed(scene.as.stu.create(object));
    await allowed(scene.as.stu.change(object, { spec: { decision: 'Rejected' } }));
    await scene.refusedLeaving(object, () => scene.as.sam.delete(object), 'may not decide about its request');
    await allowed(scene.as.stu.change(object, { spec: { decision: 'Approved' } }));
    await allowed(scene.as.sam.delete(object));
    await scene.dispose(object);
  });

  it('for one’s own request are allowed where the installation says so', async () => {
    const object = approval({}, { requester: 'sales-analysts' });
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'dataall-system', name: 'dataall-policy-settings' },
    };
    await refused(
      scene.as.zoe.change(settings, { data: { allowSelfApproval: 'true' } }),
      'cannot patch resource "configmaps"',
    );
    await allowed(scene.as.root.change(settings, { data: { allowSelfApproval: 'true' } }));
    await eventually('self-approval is allowed', async () => (await scene.as.sam.create(object)).ok);
    await allowed(scene.as.root.change(settings, { data: { allowSelfApproval: 'false' } }));
    await eventually(
      'it is not any more',
      async () => !(await scene.as.sam.change(object, { spec: { reason: String(Date.now()) } })).ok,
    );
    await scene.dispose(object);
  });

  it('that are automatic are withdrawn by rejecting, not by deleting', async () => {
    const object = approval({ labels: { [labels.autoApproved]: 'true' } });
    await allowed(scene.as.operator.create(object));
    const again = 'it would be again while sharing.autoApproval of the dataset is on: set spec.decision to Rejected';
    await scene.refusedLeaving(object, () => scene.as.sam.delete(object), again);
    await allowed(scene.as.sam.change(object, { spec: { decision: 'Rejected' } }));
    await scene.refusedLeaving(object, () => scene.as.sam.delete(object), 'set spec.decision to Rejected instead');
    await allowed(scene.as.operator.delete(object));
    await scene.dispose(object);
  });

  it('that answer nothing are in nobody’s way', async () => {
    const squatting = approval({}, { datasetRef: { name: 'invoices' }, approver: 'sales-finance' });
    await allowed(scene.as.finn.create(squatting));
    await scene.refusedLeaving(squatting, () => scene.as.sam.delete(squatting), 'needs verb approve');
    const mismatch = {
      type: 'Ready',
      status: 'False',
      reason: 'RequestMismatch',
      message: 'another dataset',
      observedGeneration: 1,
      lastTransitionTime: '2026-11-22T00:00:00Z',
    };
    // Given before it is asked for, as from Git: it waits, and is nobody else's to take away.
    await allowed(scene.as.operator.status(squatting, { conditions: [{ ...mismatch, reason: 'RequestNotFound' }] }));
    await scene.refusedLeaving(squatting, () => scene.as.sam.delete(squatting), 'needs verb approve');
    await allowed(scene.as.operator.status(squatting, { conditions: [mismatch] }));
    // Put right a moment ago, and not looked at since.
    await allowed(scene.as.finn.change(squatting, { spec: { reason: 'corrected' } }));
    await scene.refusedLeaving(squatting, () => scene.as.sam.delete(squatting), 'needs verb approve');
    await allowed(scene.as.operator.status(squatting, { conditions: [{ ...mismatch, observedGeneration: 2 }] }));
    await allowed(scene.as.sam.delete(squatting));
    await scene.dispose(squatting);
  });
});

describe('the largest objects there can be', () => {
  const group = 'Marketing Analysts/EMEA@acme.example';

  it('are within the budget of the policies, created and changed', async () => {
    const request = shareRequestManifest(500);
    request.spec.requester = group;
    await allowed(scene.as.ana.create(request));
    await allowed(scene.as.ana.change(request, { spec: { purpose: 'More' } }));
    const { items, permissions } = request.spec;
    const name = 'marketing-prod.everything';
    const requestRef = { namespace: 'marketing-prod', name: 'everything' };
    const approval = scene.variant('ShareApproval/marketing-prod.orders', { name }, { requestRef, items, permissions });
    await allowed(scene.as.sam.create(approval));
    await allowed(scene.as.sam.change(approval, { spec: { reason: 'All of it' } }));
    await scene.dispose(approval);
    await scene.dispose(request);

    const table = datasetTableManifest(50, 200);
    await allowed(scene.as.sam.create(table));
    await allowed(scene.as.sam.change(table, { spec: { description: 'More' } }));
    await scene.dispose(table);
  });
});
