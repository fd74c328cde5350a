// An organization: whose it is, its environments, and the groups that it invited.

import { Button, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import { lazy, useState } from 'react';
import { useParams } from 'react-router';
import { usePerson } from '../../app/person.ts';
import { useLiveQuery } from '../../app/live.ts';
import { Copied } from '../../ui/copied.tsx';
import { Failure } from '../../ui/failure.tsx';
import { later } from '../../ui/later.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import { Words } from '../../ui/words.tsx';
import { GroupName } from '../group/group-name.tsx';
import { OrganizationDocument, type OrganizationDetailsFragment } from './operations.ts';
import { organizationStrings as strings } from './strings.ts';

const EnvironmentsTab = lazy(async () => ({ default: (await import('./environments-tab.tsx')).EnvironmentsTab }));
const TeamsTab = lazy(async () => ({ default: (await import('./team/teams-tab.tsx')).TeamsTab }));
const ArchiveDialog = later(async () => (await import('./archive-dialog.tsx')).ArchiveDialog);

const ABOVE = [{ text: strings.title, href: '/organizations' }];

export function OrganizationPage() {
  const { organizationUri = '' } = useParams();
  const { groups } = usePerson();
  const [{ data, error }, again] = useLiveQuery({ query: OrganizationDocument, variables: { organizationUri } });
  const organization = data?.getOrganization;
  if (organization === undefined || organization === null)
    return (
      <Page title={strings.title} above={ABOVE}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  const owner = organization.SamlGroupName ?? '';
  const isOwner = groups.includes(owner);
  return (
    <Page
      title={organization.label ?? organizationUri}
      description={organization.description}
      above={ABOVE}
      about={{ kind: 'Organization', uri: organizationUri }}
      actions={<Actions organization={organization} isOwner={isOwner} />}
    >
      <RouteTabs
        ariaLabel={strings.parts}
        tabs={[
          { id: 'overview', label: strings.overview, content: () => <Overview {...organization} /> },
          {
            id: 'environments',
            label: strings.environments,
            content: () => <EnvironmentsTab organizationUri={organizationUri} />,
          },
          {
            id: 'teams',
            label: strings.teams,
            content: () => <TeamsTab organizationUri={organizationUri} owner={owner} isOwner={isOwner} />,
          },
        ]}
      />
    </Page>
  );
}

interface ActionsProps {
  readonly organization: OrganizationDetailsFragment;
  readonly isOwner: boolean;
}

function Actions({ organization, isOwner }: ActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const { organizationUri } = organization;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {isOwner && <Button onClick={() => setDeleting(true)}>{strings.archive}</Button>}
      {isOwner && <RouteButton href={`/organizations/${organizationUri}/edit`}>{strings.edit}</RouteButton>}
      <RouteButton variant="primary" href={`/environments/new?organization=${organizationUri}`}>
        {strings.link}
      </RouteButton>
      {isDeleting && <ArchiveDialog organization={organization} onCancel={() => setDeleting(false)} />}
    </SpaceBetween>
  );
}

const Overview = (organization: OrganizationDetailsFragment) => (
  <Container header={<Header variant="h2">{strings.details}</Header>}>
    <KeyValuePairs
      columns={4}
      minColumnWidth={170}
      items={[
        { label: strings.owner, value: <GroupName group={organization.SamlGroupName ?? ''} /> },
        { label: strings.environments, value: organization.stats?.environments ?? 0 },
        { label: strings.groups, value: organization.stats?.groups ?? 0 },
        { label: strings.people, value: organization.stats?.users || uiStrings.unknown },
        { label: strings.tags, value: <Words words={organization.tags?.flatMap((tag) => tag ?? []) ?? []} /> },
        { label: strings.created, value: <Time at={organization.created} /> },
        { label: strings.changed, value: <Time at={organization.updated} /> },
        { label: strings.createdBy, value: organization.owner ?? uiStrings.unknown },
        { label: strings.object, value: <Copied text={organization.name} label={strings.object} /> },
      ]}
    />
  </Container>
);
