// What the person's groups may do with a dataset, as far as pages show it; the gateway decides.

import type { DatasetDetailsFragment, DatasetRole } from './operations.ts';

/** Changes, offers and deletes. */
export const owns = (role: DatasetRole | null): boolean => role === 'Admin' || role === 'Creator';

/** Decides about requests, and describes tables. */
export const decides = (role: DatasetRole | null): boolean => owns(role) || role === 'DataSteward';

/** Sees the dataset's stack and AWS tags. */
export const seesStack = ({
  userRoleForDataset,
  userRoleInEnvironment,
}: Pick<DatasetDetailsFragment, 'userRoleForDataset' | 'userRoleInEnvironment'>): boolean =>
  owns(userRoleForDataset) || userRoleInEnvironment === 'Owner' || userRoleInEnvironment === 'Admin';
