// What is in objects of the world of permissions and in no other, and who besides those whom Kubernetes lets read them may be told by GraphQL.

import type { KubeObject } from '../../operator/kernel/kind.ts';
import type { Asker } from './permission-scene.ts';

export interface Fact {
  /** Each is found in these objects alone. */
  readonly words: readonly string[];
  readonly objects: readonly KubeObject[];
  readonly besides?: readonly Asker[];
}

const object = (kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion: 'dataall.io/v1alpha1',
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
});

export const objects = {
  acme: object('Organization', 'acme'),
  empty: object('Organization', 'empty'),
  sales: object('Environment', 'sales-prod'),
  marketing: object('Environment', 'marketing-prod'),
  finance: object('Team', 'finance', 'sales-prod'),
  contractors: object('Team', 'contractors', 'sales-prod'),
  analysts: object('Team', 'marketing-analysts', 'marketing-prod'),
  orders: object('Dataset', 'orders', 'sales-prod'),
  invoices: object('Dataset', 'invoices', 'sales-prod'),
  returns: object('DatasetTable', 'orders.returns', 'sales-prod'),
  share: object('ShareRequest', 'orders', 'marketing-prod'),
  draft: object('ShareRequest', 'draft', 'marketing-prod'),
  approval: object('ShareApproval', 'marketing-prod.orders', 'sales-prod'),
  notebooks: object('ConsumptionRole', 'notebooks', 'marketing-prod'),
  reports: object('ConsumptionRole', 'reports', 'marketing-prod'),
} as const;

/** Of a request Kubernetes shows deciders what the status of the dataset says; the gateway shows them the request. */
export const deciders: readonly Asker[] = ['sam', 'stu'];

/** They see the requests of their environment. */
const consumers: readonly Asker[] = ['ana', 'mia'];

export const facts: readonly Fact[] = [
  { words: ['ACME Corp.', 'All of ACME', 'acme-inviters'], objects: [objects.acme] },
  { words: ['Nothing yet'], objects: [objects.empty] },
  {
    words: [
      'sales-external-id',
      '--sales',
      'sales-owner-role',
      'sales-results',
      'sales-logs',
      'sales-workgroup',
      'sales-stack',
    ],
    objects: [objects.sales],
  },
  {
    words: [
      'marketing-external-id',
      '--marketing',
      'marketing-owner-role',
      'marketing-results',
      'marketing-workgroup',
      'marketing-stack',
    ],
    objects: [objects.marketing],
  },
  { words: ['finance-role', 'finance-group'], objects: [objects.finance] },
  { words: ['analysts-role', 'analysts-group'], objects: [objects.analysts] },
  { words: ['contractors'], objects: [objects.contractors, objects.acme] },
  // Who was given a table has its address; and who sees the request in which it was given, which names the database of links after it.
  { words: ['111111111111'], objects: [objects.sales, objects.orders, objects.invoices], besides: consumers },
  { words: ['orders_database'], objects: [objects.orders], besides: consumers },
  { words: ['orders-role', 'orders-stack'], objects: [objects.orders] },
  { words: ['orders-bucket'], objects: [objects.orders, objects.share], besides: ['ana'] },
  { words: ['invoices_database', 'invoices-role', 'invoices-stack'], objects: [objects.invoices] },
  // What can be asked for, the bucket by its name, is told to who puts a request together.
  { words: ['invoices-bucket'], objects: [objects.invoices], besides: consumers },
  { words: ['secret_reason', 'secret_type'], objects: [objects.orders] },
  // By which filter a table is asked for is part of the request.
  { words: ["region = 'eu'"], objects: [objects.returns], besides: consumers },
  { words: ['222222222222'], objects: [objects.marketing, objects.share, objects.notebooks], besides: deciders },
  {
    words: ['Because of the campaign', 'It takes longer', 'orders_shared_database', 'orders_link', 'returns wait'],
    objects: [objects.share],
    besides: deciders,
  },
  { words: ['As agreed'], objects: [objects.approval, objects.share] },
  { words: ['Not yet said to anybody'], objects: [objects.draft] },
  // Whoever decides about a request is told for which role, and reads of it what they gave.
  { words: [':role/notebooks'], objects: [objects.notebooks, objects.share], besides: deciders },
  { words: [':role/reports', 'Reports'], objects: [objects.reports] },
];
