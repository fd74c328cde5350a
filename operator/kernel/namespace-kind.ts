// Namespaces as they are read and written through the kernel.

import type { Kind } from './kind.ts';

export const namespaceKind: Kind = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  scope: 'Cluster',
};
