// On which side of a share somebody is.

import type { ShareQuery } from './operations.ts';

type Sided = Pick<NonNullable<ShareQuery['getShareObject']>, 'userRoleForShareObject'>;

export const requests = ({ userRoleForShareObject: role }: Sided): boolean =>
  role === 'Requesters' || role === 'ApproversAndRequesters';

export const decides = ({ userRoleForShareObject: role }: Sided): boolean =>
  role === 'Approvers' || role === 'ApproversAndRequesters';
