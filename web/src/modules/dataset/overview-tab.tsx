// Of a dataset: its governance, its owners, and where its data is.

import { Box, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import { Copied } from '../../ui/copied.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import { Words } from '../../ui/words.tsx';
import type { DatasetDetailsFragment } from './operations.ts';
import { datasetStrings, overviewStrings as strings } from './strings.ts';

export const OverviewTab = ({ dataset }: { readonly dataset: DatasetDetailsFragment }) => (
  <SpaceBetween size="l">
    <Governance {...dataset} />
    <Place {...dataset} />
  </SpaceBetween>
);

const Governance = (dataset: DatasetDetailsFragment) => (
  <Container header={<Header variant="h2">{strings.governance}</Header>}>
    <KeyValuePairs
      columns={4}
      minColumnWidth={170}
      items={[
        { label: datasetStrings.owner, value: dataset.SamlAdminGroupName },
        {
          label: strings.stewards,
          value: dataset.stewardGroups.length === 0 ? strings.noStewards : dataset.stewardGroups.join(', '),
        },
        { label: datasetStrings.confidentiality, value: dataset.confidentiality ?? uiStrings.unknown },
        { label: strings.language, value: dataset.languageName ?? uiStrings.unknown },
        { label: strings.topics, value: <Words words={dataset.topicNames} /> },
        { label: strings.words, value: <Words words={dataset.tags?.flatMap((tag) => tag ?? []) ?? []} /> },
        {
          label: strings.terms,
          value: <Words words={dataset.terms?.nodes?.flatMap((term) => term?.path ?? []) ?? []} />,
        },
        {
          label: strings.autoApproval,
          value: dataset.autoApprovalEnabled === true ? strings.autoApprovalOn : strings.autoApprovalOff,
        },
        { label: strings.expiration, value: expirationOf(dataset) },
        { label: strings.created, value: <Time at={dataset.created} /> },
        { label: datasetStrings.changed, value: <Time at={dataset.updated} /> },
        { label: strings.createdBy, value: dataset.owner ?? uiStrings.unknown },
      ]}
    />
  </Container>
);

const expirationOf = (dataset: DatasetDetailsFragment): string =>
  dataset.enableExpiration === true
    ? strings.expirationOf(
        dataset.expiryMinDuration ?? 0,
        dataset.expiryMaxDuration ?? 0,
        dataset.expirySetting === 'Monthly' ? strings.months : strings.quarters,
      )
    : strings.noExpiration;

const Place = ({ restricted, environment, name }: DatasetDetailsFragment) => (
  <Container header={<Header variant="h2">{strings.place}</Header>}>
    {restricted === null ? (
      <Box color="text-body-secondary">{strings.placeHidden}</Box>
    ) : (
      <KeyValuePairs
        columns={4}
        minColumnWidth={170}
        items={[
          { label: strings.account, value: <Copied text={restricted.AwsAccountId} label={strings.account} /> },
          { label: datasetStrings.region, value: restricted.region },
          {
            label: strings.environment,
            value: environment && (
              <RouteLink href={`/environments/${environment.environmentUri}`}>{environment.label}</RouteLink>
            ),
          },
          {
            label: strings.organization,
            value: environment?.organization ? (
              <RouteLink href={`/organizations/${environment.organization.organizationUri}`}>
                {environment.organization.label}
              </RouteLink>
            ) : (
              uiStrings.unknown
            ),
          },
          made(strings.bucket, restricted.S3BucketName, restricted.importedS3Bucket),
          made(strings.database, restricted.GlueDatabaseName, restricted.importedGlueDatabase),
          restricted.KmsAlias === 'Undefined'
            ? { label: strings.key, value: strings.s3Key }
            : made(strings.key, restricted.KmsAlias, restricted.importedKmsKey),
          made(strings.role, restricted.IAMDatasetAdminRoleArn, restricted.importedAdminRole),
          { label: strings.object, value: <Copied text={name} label={strings.object} /> },
        ]}
      />
    )}
  </Container>
);

/** Of what is in AWS: its name, and whether it was there before the dataset. */
const made = (label: string, name: string | null, wasThere: boolean | null) => ({
  label,
  value: (
    <>
      <Copied text={name} label={label} />
      {wasThere === true && (
        <Box fontSize="body-s" color="text-body-secondary">
          {strings.imported}
        </Box>
      )}
    </>
  ),
});
