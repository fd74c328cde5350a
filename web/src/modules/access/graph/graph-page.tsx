// Who can read which datasets, as a picture and as a list.

import { Alert, Button, Container, Header, Select, SpaceBetween } from '@cloudscape-design/components';
import { useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { Failure } from '../../../ui/failure.tsx';
import { later } from '../../../ui/later.tsx';
import { useSearchValues } from '../../../ui/list-question.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { RouteButton } from '../../../ui/route-link.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { datasetAddress, principalAddress } from '../addresses.ts';
import { auditFilter } from '../audit-question.ts';
import { fileName } from '../file-name.ts';
import { AccessGraphDocument, type AccessGraphQuery } from '../operations.ts';
import { accessStrings as strings } from '../strings.ts';
import type { GraphNode } from './graph-canvas.tsx';

type Answer = AccessGraphQuery['accessGraph'];

const AccessFilters = later(async () => (await import('../access-filters.tsx')).AccessFilters);
const EdgesTable = later(async () => (await import('./edges-table.tsx')).EdgesTable);
const GraphCanvas = later(async () => (await import('./graph-canvas.tsx')).GraphCanvas);

const ABOVE = [{ text: strings.title, href: '/access' }];

export function GraphPage() {
  const [search] = useSearchValues();
  const filter = useMemo(() => auditFilter(search, new Date()), [search]);
  const [{ data, error }, again] = useQuery({ query: AccessGraphDocument, variables: { filter } });
  const answer = data?.accessGraph;
  return (
    <Page
      title={strings.graphTitle}
      description={strings.graphText}
      above={ABOVE}
      actions={<RouteButton href={`/access?${search.toString()}`}>{strings.asList}</RouteButton>}
    >
      <AccessFilters />
      {answer === undefined ? (
        error === undefined ? (
          <Loading />
        ) : (
          <Failure error={error} onRetry={again} />
        )
      ) : (
        <SpaceBetween size="l">
          {!answer.isComplete && <Alert type="warning">{strings.graphPart(answer.edges.items.length)}</Alert>}
          <Drawing answer={answer} />
          <EdgesTable answer={answer} />
        </SpaceBetween>
      )}
    </Page>
  );
}

function Drawing({ answer }: { readonly answer: Answer }) {
  const navigate = useNavigate();
  const picture = useRef<() => Promise<Blob | null>>(null);
  const choose = ({ kind, place }: GraphNode): void => {
    const arn = kind === 'principal' ? answer.principals[place]?.arn : undefined;
    const uri = kind === 'dataset' ? answer.datasets[place]?.datasetUri : undefined;
    if (arn) void navigate(principalAddress(arn));
    if (uri) void navigate(datasetAddress(uri));
  };
  const download = async (): Promise<void> => {
    const image = await picture.current?.();
    if (image) saveFile(fileName('png'), image);
  };
  const label = strings.graphLabel(answer.principals.length, answer.datasets.length);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={strings.graphHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Facet name="group" all={strings.anyGroup} values={answer.principals.map(({ group }) => group)} />
              <Facet name="account" all={strings.anyAccount} values={answer.principals.map(({ account }) => account)} />
              <Button iconName="download" onClick={() => void download()}>
                {strings.picture}
              </Button>
            </SpaceBetween>
          }
        >
          {label}
        </Header>
      }
    >
      <GraphCanvas
        answer={answer}
        label={label}
        onChoose={choose}
        onDrawn={(drawn) => {
          picture.current = drawn;
        }}
      />
    </Container>
  );
}

interface FacetProps {
  /** Of the parameter in the address. */
  readonly name: 'group' | 'account';
  readonly all: string;
  readonly values: readonly (string | null)[];
}

/** Narrows to one of what the graph has. */
function Facet({ name, all, values }: FacetProps) {
  const [search, put] = useSearchValues();
  const chosen = search.get(name) ?? '';
  const found = [
    ...new Set([...values.flatMap((value) => value ?? []), ...(chosen === '' ? [] : [chosen])]),
  ].toSorted();
  const options = [{ value: '', label: all }, ...found.map((value) => ({ value, label: value }))];
  return (
    <Select
      ariaLabel={all}
      filteringType={options.length > 10 ? 'auto' : 'none'}
      filteringAriaLabel={all}
      selectedOption={options.find(({ value }) => value === chosen) ?? null}
      options={options}
      onChange={({ detail }) => put({ [name]: detail.selectedOption.value ?? '' })}
    />
  );
}
