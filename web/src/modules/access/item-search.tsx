// A dataset, or an item of one, found by typing a part of its name.

import { Autosuggest, FormField } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useDebounced } from '../../ui/debounced.ts';
import { useSearchValues } from '../../ui/list-question.ts';
import { uiStrings } from '../../ui/strings.ts';
import { AuditableItemsDocument, type AuditableItemsQuery } from './operations.ts';
import { accessStrings as strings } from './strings.ts';

type Found = AuditableItemsQuery['listAuditableItems'][number];

const MOST = 20;

/** What there is of the name is asked for once somebody looks, and again as they type. */
export function ItemSearch() {
  const [search, put] = useSearchValues();
  const asked = search.get('item') ?? search.get('dataset');
  const [typed, setTyped] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const term = useDebounced(typed ?? '');
  const [{ data, fetching, error }] = useQuery({
    query: AuditableItemsDocument,
    variables: { filter: { term, pageSize: MOST } },
    pause: !isOpen && asked === null,
  });
  const found = data?.listAuditableItems ?? [];
  const current = found.find(({ datasetUri, item }) => datasetUri === search.get('dataset') && item === search.get('item')); // prettier-ignore
  const choose = (one: Found | undefined): void => {
    setTyped(undefined);
    put({ dataset: one?.datasetUri ?? '', kind: one?.itemKind ?? '', item: one?.item ?? '', page: '' });
  };
  return (
    <FormField label={strings.what}>
      <Autosuggest
        value={typed ?? (current && nameOf(current)) ?? asked ?? ''}
        placeholder={strings.whatPlaceholder}
        ariaLabel={strings.what}
        clearAriaLabel={strings.clear}
        enteredTextLabel={uiStrings.useWord}
        filteringType="manual"
        options={found.map((one) => ({
          value: keyOf(one),
          label: nameOf(one),
          description: one.item === null ? one.environment : `${one.datasetLabel} · ${one.environment}`,
          tags: [one.itemKind ?? strings.dataset],
        }))}
        empty={strings.whatNone}
        statusType={fetching ? 'loading' : error === undefined ? 'finished' : 'error'}
        loadingText={uiStrings.loading}
        errorText={uiStrings.failed}
        onFocus={() => setOpen(true)}
        onChange={({ detail }) => {
          setTyped(detail.value);
          if (detail.value === '') choose(undefined);
        }}
        onSelect={({ detail }) => {
          const exact = found.find((one) => keyOf(one) === detail.value);
          // Enter takes the first that there is.
          choose(exact ?? found[0]);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </FormField>
  );
}

const nameOf = ({ datasetLabel, item }: Found): string => item ?? datasetLabel;
const keyOf = ({ datasetUri, itemKind, item }: Found): string => [datasetUri, itemKind, item].join(' ');
