// Who the person is here, by which groups, and where they are signed in.

import {
  Alert,
  Badge,
  Box,
  Button,
  Container,
  Header,
  KeyValuePairs,
  SpaceBetween,
  Table,
  type TableProps,
} from '@cloudscape-design/components';
import { later } from '../../ui/later.tsx';
import { usePerson } from '../../app/person.ts';
import { useFlash } from '../../ui/flash.ts';
import { Page } from '../../ui/page.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import { Words } from '../../ui/words.tsx';
import { endSession, useSessions, type KnownSessions, type Session } from './sessions.ts';
import { profileStrings as strings } from './strings.ts';
import { describeTimeLeft, useTimeLeft } from './time-left.ts';
import { describeUserAgent } from './user-agent.ts';

const OwnAccess = later(async () => (await import('../access/own-access.tsx')).OwnAccess);

const Rights = later(async () => (await import('./rights.tsx')).Rights);

export function ProfilePage() {
  const known = useSessions();
  const current = known.sessions?.find((session) => session.current);
  return (
    <Page title={strings.title} description={strings.description}>
      <Who session={current} />
      <Rights />
      <OwnAccess />
      <Sessions {...known} />
    </Page>
  );
}

function Who({ session }: { readonly session: Session | undefined }) {
  const { name, email, groups } = usePerson();
  return (
    <Container header={<Header variant="h2">{strings.who}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={180}
        items={[
          { label: strings.name, value: name },
          { label: strings.email, value: email },
          { label: strings.groups, value: groups.length === 0 ? strings.noGroups : <Words words={groups} /> },
          { label: strings.timeLeft, value: session ? <TimeLeft at={session.expires} /> : uiStrings.unknown },
        ]}
      />
    </Container>
  );
}

const TimeLeft = ({ at }: { readonly at: string }) => <time dateTime={at}>{describeTimeLeft(useTimeLeft(at))}</time>;

function Sessions({ sessions, hasFailed, again }: KnownSessions) {
  const flash = useFlash();
  const end = async ({ id }: Session): Promise<void> => {
    if (await endSession(id)) flash('success', strings.ended);
    else flash('error', strings.notEnded);
    again();
  };
  if (hasFailed)
    return (
      <Alert type="error" action={<Button onClick={again}>{uiStrings.tryAgain}</Button>}>
        {strings.failed}
      </Alert>
    );
  return (
    <Table
      items={sessions ?? []}
      trackBy="id"
      loading={sessions === undefined}
      loadingText={uiStrings.loading}
      columnDefinitions={columnsOf(end)}
      wrapLines
      header={
        <Header variant="h2" counter={`(${sessions?.length ?? 0})`} description={strings.sessionsText}>
          {strings.sessions}
        </Header>
      }
      empty={<Box color="text-status-inactive">{uiStrings.unknown}</Box>}
    />
  );
}

const browserOf = ({ userAgent }: Session): string =>
  userAgent === null ? strings.unknown : describeUserAgent(userAgent);

const columnsOf = (end: (session: Session) => Promise<void>): readonly TableProps.ColumnDefinition<Session>[] => [
  {
    id: 'session',
    header: strings.session,
    isRowHeader: true,
    minWidth: 180,
    cell: (session) => (
      <SpaceBetween direction="horizontal" size="xs">
        <span>{browserOf(session)}</span>
        {session.current && <Badge color="blue">{strings.current}</Badge>}
      </SpaceBetween>
    ),
  },
  { id: 'began', header: strings.began, minWidth: 130, cell: ({ created }) => <Time at={created} /> },
  { id: 'seen', header: strings.seen, minWidth: 130, cell: ({ seen }) => <Time at={seen} /> },
  { id: 'ends', header: strings.ends, minWidth: 130, cell: ({ expires }) => <Time at={expires} /> },
  {
    id: 'end',
    header: uiStrings.actions,
    minWidth: 140,
    // One's own ends by the menu of one's account, at the provider, too.
    cell: (session) =>
      !session.current && (
        <Button variant="inline-link" ariaLabel={strings.endOf(browserOf(session))} onClick={() => void end(session)}>
          {strings.end}
        </Button>
      ),
  },
];
