// AWS Lake Formation: the second gate on catalog metadata and data.
import type { ServiceModule } from '../../core/operation.ts';
import { credentialOperations } from './credential-operations.ts';
import { filterOperations } from './filter-operations.ts';
import { grantOperations } from './grant-operations.ts';
import { listOperations } from './list-permissions.ts';
import { locationOperations } from './location-operations.ts';
import { optInOperations } from './opt-in-operations.ts';
import { settingsOperations } from './settings-operations.ts';
import { tagOperations } from './tag-operations.ts';

export const lakeformation: ServiceModule = {
  name: 'lakeformation',
  sdk: () => import('@aws-sdk/client-lakeformation'),
  eventSource: 'lakeformation.amazonaws.com',
  operations: {
    ...grantOperations,
    ...listOperations,
    ...settingsOperations,
    ...locationOperations,
    ...filterOperations,
    ...optInOperations,
    ...credentialOperations,
    ...tagOperations,
  },
};
