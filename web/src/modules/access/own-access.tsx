// What the person's own groups can read, as a part of their profile.

import { AccessList } from './access-list.tsx';
import { accessStrings as strings } from './strings.ts';

export const OwnAccess = () => (
  <AccessList
    title={strings.ownTitle}
    description={strings.ownText}
    empty={strings.ownNone}
    of={{ own: true }}
    more="/access?own="
  />
);
