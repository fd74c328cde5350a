// A folder of a dataset's bucket: what is in it, where it is, and the way to ask for it.

import { Box, Button, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useLiveQuery } from '../../../app/live.ts';
import { useAct } from '../../../ui/act.tsx';
import { Copied } from '../../../ui/copied.tsx';
import { DescriptionDialog } from '../../../ui/description-dialog.tsx';
import { DeleteDialog } from '../../../ui/dialog.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { RouteButton, RouteLink } from '../../../ui/route-link.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { Time } from '../../../ui/time.tsx';
import { bucketConsole } from '../aws-console.ts';
import { DeleteFolderDocument, FolderDocument, UpdateFolderDocument, type FolderQuery } from './operations.ts';
import { owns } from '../role.ts';
import { datasetStrings } from '../strings.ts';
import { folderStrings } from './strings.ts';

type Folder = NonNullable<FolderQuery['getDatasetStorageLocation']>;

export function FolderPage() {
  const { locationUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: FolderDocument, variables: { locationUri } });
  const folder = data?.getDatasetStorageLocation;
  const above = [
    { text: datasetStrings.title, href: '/datasets' },
    ...(folder?.dataset
      ? [{ text: folder.dataset.label ?? '', href: `/datasets/${folder.dataset.datasetUri}?tab=data` }]
      : []),
  ];
  if (folder === undefined || folder === null)
    return (
      <Page title={folderStrings.title} above={above}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  return (
    <Page
      title={folder.name ?? ''}
      description={folder.description || datasetStrings.noDescription}
      above={above}
      {...(folder.restricted !== null && { about: { kind: 'Dataset', uri: folder.dataset?.datasetUri ?? '' } })}
      actions={<Actions folder={folder} />}
    >
      <Details {...folder} />
    </Page>
  );
}

const Details = ({ dataset, restricted, S3Prefix, updated, owner }: Folder) => (
  <Container header={<Header variant="h2">{folderStrings.details}</Header>}>
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        {
          label: folderStrings.dataset,
          value: dataset ? (
            <RouteLink href={`/datasets/${dataset.datasetUri}`}>{dataset.label}</RouteLink>
          ) : (
            uiStrings.unknown
          ),
        },
        { label: folderStrings.prefix, value: <Copied text={S3Prefix} label={folderStrings.prefix} /> },
        {
          label: folderStrings.address,
          value:
            restricted === null ? (
              <Box color="text-body-secondary">{folderStrings.hidden}</Box>
            ) : (
              <Copied text={`s3://${restricted.S3BucketName}/${S3Prefix}`} label={folderStrings.address} />
            ),
        },
        { label: folderStrings.account, value: restricted?.AwsAccountId ?? uiStrings.unknown },
        { label: folderStrings.region, value: restricted?.region ?? uiStrings.unknown },
        { label: folderStrings.changed, value: <Time at={updated} /> },
        { label: folderStrings.changedBy, value: owner ?? uiStrings.unknown },
      ]}
    />
  </Container>
);

function Actions({ folder }: { readonly folder: Folder }) {
  const [asking, setAsking] = useState<'edit' | 'delete'>();
  const { dataset, locationUri, restricted, S3Prefix } = folder;
  const isOwner = owns(folder.userRoleForStorageLocation);
  const close = (): void => setAsking(undefined);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {restricted !== null && (
        <Button
          href={bucketConsole(restricted.region, restricted.S3BucketName, S3Prefix ?? '')}
          target="_blank"
          iconName="external"
        >
          {folderStrings.open}
        </Button>
      )}
      {isOwner && <Button onClick={() => setAsking('edit')}>{folderStrings.edit}</Button>}
      {isOwner && <Button onClick={() => setAsking('delete')}>{folderStrings.delete}</Button>}
      {!isOwner && dataset && (
        <RouteButton variant="primary" href={`/request/${dataset.datasetUri}?item=${locationUri}`}>
          {folderStrings.request}
        </RouteButton>
      )}
      {asking === 'edit' && <EditDialog folder={folder} onClose={close} />}
      {asking === 'delete' && <TakeOutDialog folder={folder} onClose={close} />}
    </SpaceBetween>
  );
}

interface FolderActionProps {
  readonly folder: Folder;
  readonly onClose: () => void;
}

function EditDialog({ folder, onClose }: FolderActionProps) {
  const { act, isBusy, refusal, preview } = useAct(UpdateFolderDocument);
  const save = async (description: string): Promise<void> => {
    const variables = { locationUri: folder.locationUri ?? '', description };
    if ((await act(variables, folderStrings.saved)) !== undefined) onClose();
  };
  return (
    <DescriptionDialog
      title={folderStrings.edit}
      label={folderStrings.about}
      action={folderStrings.save}
      text={folder.description ?? ''}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSave={(text) => void save(text)}
      onCancel={onClose}
    />
  );
}

function TakeOutDialog({ folder, onClose }: FolderActionProps) {
  const { act, isBusy, refusal, preview } = useAct(DeleteFolderDocument);
  const navigate = useNavigate();
  const takeOut = async (): Promise<void> => {
    if ((await act({ locationUri: folder.locationUri ?? '' }, folderStrings.deleted)) !== undefined)
      void navigate(`/datasets/${folder.dataset?.datasetUri}?tab=data`);
  };
  return (
    <DeleteDialog
      title={folderStrings.deleteTitle(folder.name ?? '')}
      action={folderStrings.delete}
      name={folder.name ?? ''}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void takeOut()}
      onCancel={onClose}
    >
      <Box>{folderStrings.deleteText}</Box>
    </DeleteDialog>
  );
}
