// Who asks for what, for whom, until when, and who decides.

import { Container, Header, KeyValuePairs } from '@cloudscape-design/components';
import { Time } from '../../ui/time.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import type { Share } from './share-page.tsx';
import { shareStrings } from './strings.ts';

export function ShareDetails({ share }: { readonly share: Share }) {
  const { dataset, permissions, expiryDate, deciders, group, requestPurpose } = share;
  const place = [dataset?.AwsAccountId, dataset?.region].filter((part) => part !== null && part !== undefined);
  return (
    <Container header={<Header variant="h2">{shareStrings.details}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={170}
        items={[
          { label: shareStrings.dataset, value: <DatasetLink {...share} /> },
          { label: shareStrings.purpose, value: requestPurpose ?? shareStrings.noPurpose },
          { label: shareStrings.requester, value: group },
          { label: shareStrings.principal, value: <Reader {...share} /> },
          { label: shareStrings.permissions, value: permissions?.join(', ').toLowerCase() },
          {
            label: shareStrings.expires,
            value: expiryDate === null ? shareStrings.neverExpires : <Time at={expiryDate} />,
          },
          { label: shareStrings.decides, value: deciders.join(', ') },
          { label: shareStrings.account, value: place.join(', ') },
        ]}
      />
    </Container>
  );
}

const DatasetLink = ({ dataset }: Pick<Share, 'dataset'>) =>
  typeof dataset?.datasetUri === 'string' ? (
    <RouteLink href={`/datasets/${dataset.datasetUri}`}>{dataset.datasetName}</RouteLink>
  ) : (
    dataset?.datasetName
  );

/** Its name here, and in IAM once it is known there. */
const Reader = ({ principal }: Pick<Share, 'principal'>) => (
  <>
    {principal?.principalName}
    {principal?.principalRoleName !== null && ` (${shareStrings.role} ${principal?.principalRoleName})`}
  </>
);
