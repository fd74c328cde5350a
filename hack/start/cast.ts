/** The cast of the tour: who there is in Kubernetes, and which AWS accounts. */
import type { ClusterUser } from '../control-plane/cluster.ts';

export const REGION = 'eu-west-1';

/**
 * Contexts of the kubeconfig, beside `admin`; their groups are what an identity provider would say. Who forgets --context is somebody
 * to whom the policies apply.
 */
export const USERS = [
  { name: 'platform-admin', groups: ['platform-admins'], isCurrent: true },
  { name: 'owner', groups: ['sales'] },
  { name: 'analyst', groups: ['marketing'] },
  { name: 'auditor', groups: ['auditors'] },
  { name: 'stranger', groups: ['strangers'] },
] as const satisfies readonly ClusterUser[];

export type UserName = 'admin' | (typeof USERS)[number]['name'];

/** The hub is the operator's own account; nothing is shared with the stranger's. */
export const ACCOUNTS = {
  hub: { id: '111111111111' },
  producer: { id: '222222222222' },
  consumer: { id: '333333333333' },
  stranger: { id: '444444444444' },
} as const;

export type AccountName = keyof typeof ACCOUNTS;
