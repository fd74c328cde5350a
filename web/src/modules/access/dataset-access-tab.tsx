// Of a dataset: who can read it, and by whose consent.

import { AccessList } from './access-list.tsx';
import { datasetAddress } from './addresses.ts';
import { accessStrings as strings } from './strings.ts';

export const DatasetAccessTab = ({ datasetUri }: { readonly datasetUri: string }) => (
  <AccessList
    title={strings.datasetTitle}
    description={strings.datasetText}
    of={{ datasetUri }}
    more={datasetAddress(datasetUri)}
  />
);
