// The CloudFormation stack of an environment or a dataset: its state, and live from AWS its resources and events.

import { Alert, Button, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import { useQuery } from 'urql';
import { useLiveQuery } from '../../app/live.ts';
import { ActButton } from '../../ui/act.tsx';
import { Copied } from '../../ui/copied.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import { StackContentsDocument, StackDocument, UpdateStackDocument, type StackQuery } from './operations.ts';
import { StackStatus } from './stack-status.tsx';
import { EventTable, ResourceTable } from './stack-tables.tsx';
import { readEvents, readResources } from './stack-json.ts';
import { stackStrings as strings } from './strings.ts';
import type { StackTarget } from './target.ts';

type Stack = NonNullable<StackQuery['getStack']>;

export function StackTab({ target }: { readonly target: StackTarget }) {
  const variables = { targetUri: target.uri, targetType: target.type };
  const [{ data, error }, again] = useLiveQuery({ query: StackDocument, variables });
  const stack = data?.getStack;
  if (stack === undefined || stack === null)
    return error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />;
  return (
    <SpaceBetween size="l">
      <State stack={stack} target={target} />
      {stack.name === null || stack.name === '' ? null : <Contents target={target} />}
    </SpaceBetween>
  );
}

const State = ({ stack, target }: { readonly stack: Stack; readonly target: StackTarget }) => (
  <Container
    header={
      <Header
        variant="h2"
        description={strings.description}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {stack.link !== null && stack.link !== '' && (
              <Button href={stack.link} target="_blank" iconName="external">
                {strings.open}
              </Button>
            )}
            {target.isOwner && (
              <ActButton
                document={UpdateStackDocument}
                variables={{ targetUri: target.uri, targetType: target.type }}
                done={strings.updated}
                iconName="refresh"
              >
                {strings.update}
              </ActButton>
            )}
          </SpaceBetween>
        }
      >
        {strings.title}
      </Header>
    }
  >
    <SpaceBetween size="m">
      <WhyFailed error={stack.error} />
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: strings.status, value: <StackStatus status={stack.status ?? ''} /> },
          { label: strings.name, value: stack.name || strings.none },
          { label: strings.changed, value: <Time at={stack.updated} /> },
          { label: strings.account, value: stack.accountid },
          { label: strings.region, value: stack.region },
          { label: strings.arn, value: <Copied text={stack.stackid} label={strings.arn} /> },
          ...outputsOf(stack.outputs).map(([name, value]) => ({
            label: name,
            value: <Copied text={value} label={name} />,
          })),
        ]}
      />
    </SpaceBetween>
  </Container>
);

/** @param outputs JSON, `{name: value}` */
const outputsOf = (outputs: string | null): [string, string][] =>
  Object.entries(JSON.parse(outputs || '{}') as Readonly<Record<string, string>>);

/** @param error JSON, `{error: text}` */
function WhyFailed({ error }: Pick<Stack, 'error'>) {
  const { error: text = '' } = JSON.parse(error || '{}') as { readonly error?: string | null };
  if (text === null || text === '') return null;
  return (
    <Alert type="error" header={strings.why}>
      {text}
    </Alert>
  );
}

/** Each look goes to the account, so that it is taken once and when somebody asks again. */
function Contents({ target }: { readonly target: StackTarget }) {
  const [{ data, error, fetching }, again] = useQuery({
    query: StackContentsDocument,
    variables: { targetUri: target.uri, targetType: target.type },
    requestPolicy: 'network-only',
  });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failure error={error} onRetry={refresh} />;
  const action = <Button iconName="refresh" loading={fetching} onClick={refresh} ariaLabel={uiStrings.refresh} />;
  return (
    <SpaceBetween size="l">
      <ResourceTable resources={readResources(data?.getStack?.resources)} loading={fetching} action={action} />
      <EventTable events={readEvents(data?.getStack?.events)} loading={fetching} action={action} />
    </SpaceBetween>
  );
}
