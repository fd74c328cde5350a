// Of an environment: what its roles and users can read, and by whose consent.

import { AccessList } from './access-list.tsx';
import { accessStrings as strings } from './strings.ts';

export const EnvironmentAccessTab = ({ environmentUri }: { readonly environmentUri: string }) => (
  <AccessList
    title={strings.environmentTitle}
    description={strings.environmentText}
    of={{ environmentUri }}
    more={`/access?${new URLSearchParams({ environment: environmentUri }).toString()}`}
  />
);
