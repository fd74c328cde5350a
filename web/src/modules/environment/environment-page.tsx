// An environment: what it is and what is made in its account, who works in it, and what data is there.

import { Alert, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import { lazy } from 'react';
import { useParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Copied, CopiedBlock } from '../../ui/copied.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { RouteTabs, type RouteTab } from '../../ui/route-tabs.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import { Words } from '../../ui/words.tsx';
import { GroupName } from '../group/group-name.tsx';
import { EnvironmentActions } from './environment-actions.tsx';
import { EnvironmentDocument, type EnvironmentDetailsFragment } from './operations.ts';
import { EnvironmentState } from './state.tsx';
import { environmentStrings as strings } from './strings.ts';

const TeamsTab = lazy(async () => ({ default: (await import('./team/teams-tab.tsx')).TeamsTab }));
const RolesTab = lazy(async () => ({ default: (await import('./role/roles-tab.tsx')).RolesTab }));
const DatasetsTab = lazy(async () => ({ default: (await import('./datasets-tab.tsx')).DatasetsTab }));
const AccessTab = lazy(async () => ({
  default: (await import('../access/environment-access-tab.tsx')).EnvironmentAccessTab,
}));
const StackTab = lazy(async () => ({ default: (await import('../stack/stack-tab.tsx')).StackTab }));
const TagsTab = lazy(async () => ({ default: (await import('../stack/tags-tab.tsx')).TagsTab }));

const ABOVE = [{ text: strings.title, href: '/environments' }];

export function EnvironmentPage() {
  const { environmentUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: EnvironmentDocument, variables: { environmentUri } });
  const environment = data?.getEnvironment;
  if (environment === undefined || environment === null)
    return (
      <Page title={strings.title} above={ABOVE}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  return (
    <Page
      title={environment.label ?? environmentUri}
      description={environment.description}
      above={ABOVE}
      about={{ kind: 'Environment', uri: environmentUri }}
      info={<EnvironmentState {...environment} />}
      actions={<EnvironmentActions environment={environment} />}
    >
      <HowToLink {...environment} />
      <RouteTabs ariaLabel={strings.parts} tabs={tabsOf(environment, environmentUri)} />
    </Page>
  );
}

/** While it is not linked: what is in the way, and the command that lets data.all in. */
const HowToLink = ({ validated, message, linkCommand }: EnvironmentDetailsFragment) =>
  validated !== true && (
    <Alert type="info" header={strings.linkHeader}>
      <SpaceBetween size="s">
        {withoutCommand(message ?? '', linkCommand ?? '')}
        {linkCommand !== null && linkCommand !== '' && (
          <>
            <div>{strings.linkText}</div>
            <CopiedBlock text={linkCommand} label={strings.linkCommand} />
          </>
        )}
      </SpaceBetween>
    </Alert>
  );

/** The message ends with the command, for who reads it in a terminal: here the command stands below, to be copied. */
const withoutCommand = (message: string, command: string): string =>
  command === '' ? message : message.replace(`In the account, run: ${command}`, '').trim();

const tabsOf = (environment: EnvironmentDetailsFragment, environmentUri: string): RouteTab[] => {
  const { userRoleInEnvironment: role } = environment;
  const isOwner = role === 'Owner' || role === 'Admin';
  const target = { type: 'environment' as const, uri: environmentUri, isOwner };
  const isMember = role !== null && role !== 'NotInvited';
  const place = { environmentUri, owner: environment.SamlGroupName ?? '', isOwner, isMember };
  return [
    { id: 'overview', label: strings.overview, content: () => <Overview {...environment} /> },
    { id: 'teams', label: strings.teams, content: () => <TeamsTab {...place} /> },
    { id: 'roles', label: strings.roles, content: () => <RolesTab {...place} /> },
    { id: 'datasets', label: strings.datasets, content: () => <DatasetsTab environmentUri={environmentUri} /> },
    { id: 'access', label: strings.access, content: () => <AccessTab environmentUri={environmentUri} /> },
    ...(isOwner
      ? [
          { id: 'tags', label: strings.tags, content: () => <TagsTab target={target} /> },
          { id: 'stack', label: strings.stack, content: () => <StackTab target={target} /> },
        ]
      : []),
  ];
};

const Overview = (environment: EnvironmentDetailsFragment) => (
  <SpaceBetween size="l">
    <Details {...environment} />
    <Made {...environment} />
  </SpaceBetween>
);

const Details = ({ organization, ...environment }: EnvironmentDetailsFragment) => (
  <Container header={<Header variant="h2">{strings.details}</Header>}>
    <KeyValuePairs
      columns={4}
      minColumnWidth={170}
      items={[
        {
          label: strings.organization,
          value: organization ? (
            <RouteLink href={`/organizations/${organization.organizationUri}`}>{organization.label}</RouteLink>
          ) : (
            uiStrings.unknown
          ),
        },
        { label: strings.owner, value: <GroupName group={environment.SamlGroupName ?? ''} /> },
        { label: strings.account, value: <Copied text={environment.AwsAccountId} label={strings.account} /> },
        { label: strings.region, value: environment.region },
        { label: strings.words, value: <Words words={environment.tags?.flatMap((tag) => tag ?? []) ?? []} /> },
        { label: strings.prefix, value: environment.resourcePrefix ?? uiStrings.unknown },
        { label: strings.externalId, value: <Copied text={environment.externalId} label={strings.externalId} /> },
        { label: strings.object, value: <Copied text={environment.name} label={strings.object} /> },
        { label: strings.created, value: <Time at={environment.created} /> },
        { label: strings.changed, value: <Time at={environment.updated} /> },
        { label: strings.changedBy, value: environment.owner ?? uiStrings.unknown },
      ]}
    />
  </Container>
);

const Made = (environment: EnvironmentDetailsFragment) => (
  <Container header={<Header variant="h2">{strings.made}</Header>}>
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        {
          label:
            environment.EnvironmentDefaultIAMRoleImported === true
              ? `${strings.ownerRole} (${strings.wasThere})`
              : strings.ownerRole,
          value: <Copied text={environment.EnvironmentDefaultIAMRoleArn} label={strings.ownerRole} />,
        },
        {
          label: strings.workgroup,
          value: <Copied text={environment.EnvironmentDefaultAthenaWorkGroup} label={strings.workgroup} />,
        },
        { label: strings.boundary, value: environment.PermissionsBoundaryPolicyArn || strings.noBoundary },
        {
          label: strings.bucket,
          value: <Copied text={environment.EnvironmentDefaultBucketName} label={strings.bucket} />,
        },
        { label: strings.logs, value: <Copied text={environment.EnvironmentLogsBucketName} label={strings.logs} /> },
      ]}
    />
  </Container>
);
