// What can be done with a dataset as a whole: ask for it, change it, work in AWS as its role, delete it.

import { ButtonDropdown, SpaceBetween, type ButtonDropdownProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useClient } from 'urql';
import { useAwsSession } from '../../ui/aws-session.tsx';
import { later } from '../../ui/later.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import { bucketConsole } from './aws-console.ts';
import {
  DatasetConsoleDocument,
  DatasetKeysDocument,
  SharedDatasetConsoleDocument,
  type DatasetDetailsFragment,
} from './operations.ts';
import { owns } from './role.ts';
import { datasetStrings } from './strings.ts';

const DeleteDataset = later(async () => (await import('./delete-dataset.tsx')).DeleteDataset);

interface DatasetProps {
  readonly dataset: DatasetDetailsFragment;
}

export function DatasetActions({ dataset }: DatasetProps) {
  const [isDeleting, setDeleting] = useState(false);
  const { act, dialog } = useAwsActs(dataset);
  const { datasetUri, userRoleForDataset: role } = dataset;
  const items = itemsOf(dataset);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {items.length > 0 && (
        <ButtonDropdown
          items={items}
          onItemClick={({ detail: { id } }) => (id === 'delete' ? setDeleting(true) : void act(id))}
        >
          {datasetStrings.actions}
        </ButtonDropdown>
      )}
      {owns(role) && <RouteButton href={`/datasets/${datasetUri}/edit`}>{datasetStrings.edit}</RouteButton>}
      <RouteButton {...(!owns(role) && { variant: 'primary' as const })} href={`/request/${datasetUri}`}>
        {datasetStrings.request}
      </RouteButton>
      {dialog}
      {isDeleting && <DeleteDataset dataset={dataset} onCancel={() => setDeleting(false)} />}
    </SpaceBetween>
  );
}

const itemsOf = ({ userRoleForDataset: role, restricted }: DatasetDetailsFragment): ButtonDropdownProps.Item[] => [
  ...(owns(role) || role === 'Shared' ? [{ id: 'console', text: datasetStrings.console }] : []),
  ...(owns(role) ? [{ id: 'keys', text: datasetStrings.keys }] : []),
  ...(restricted === null
    ? []
    : [
        {
          id: 'bucket',
          text: datasetStrings.bucketLink,
          href: bucketConsole(restricted.region, restricted.S3BucketName),
          external: true,
        },
      ]),
  ...(owns(role) ? [{ id: 'delete', text: datasetStrings.delete }] : []),
];

function useAwsActs({ datasetUri, userRoleForDataset }: DatasetDetailsFragment) {
  const client = useClient();
  const { openConsole, showKeys, dialog } = useAwsSession();
  const variables = { datasetUri: datasetUri ?? '' };
  const once = { requestPolicy: 'network-only' } as const;
  return {
    dialog,
    act: async (id: string): Promise<void> => {
      if (id === 'keys')
        return showKeys(client.mutation(DatasetKeysDocument, variables), (data) => data.generateDatasetAccessToken);
      if (id !== 'console') return;
      if (owns(userRoleForDataset))
        await openConsole(
          client.query(DatasetConsoleDocument, variables, once),
          (data) => data.getDatasetAssumeRoleUrl,
        );
      else
        await openConsole(
          client.query(SharedDatasetConsoleDocument, variables, once),
          (data) => data.getDatasetSharedAssumeRoleUrl,
        );
    },
  };
}
