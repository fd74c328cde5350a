// AWS Resource Access Manager: the shares that carry a cross-account Lake Formation grant, and their invitations.
import type { ServiceModule } from '../../core/operation.ts';
import { invitationOperations } from './invitation-operations.ts';
import { shareOperations } from './share-operations.ts';

export const ram: ServiceModule = {
  name: 'ram',
  sdk: () => import('@aws-sdk/client-ram'),
  eventSource: 'ram.amazonaws.com',
  operations: { ...shareOperations, ...invitationOperations },
};
