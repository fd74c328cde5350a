// Narrows the list of shares down: by words, and by values that the gateway finds among the shares of the list.

import { PropertyFilter, type PropertyFilterProps } from '@cloudscape-design/components';
import { useEffect, useEffectEvent, useState } from 'react';
import { useClient } from 'urql';
import { ShareFilterValuesDocument, type ShareDirection } from '../operations.ts';
import { fields, knownOptions, properties, tokensOf, type FilterOption, type Property } from './share-filter.ts';
import { listStrings } from './strings.ts';

interface FilterBarProps {
  readonly direction: ShareDirection;
  readonly search: URLSearchParams;
  readonly onChange: (tokens: readonly PropertyFilterProps.Token[]) => void;
  readonly count: number | undefined;
}

export function FilterBar({ direction, search, onChange, count }: FilterBarProps) {
  const { options, status, load } = useOptions(direction);
  // Of what the address names, the words that people know.
  const named = properties.filter((property) => search.has(property) && property in fields).join(' ');
  const loadNamed = useEffectEvent(() => {
    for (const property of named.split(' ')) void load(property, '');
  });
  useEffect(() => {
    if (named !== '') loadNamed();
  }, [named]);
  return (
    <PropertyFilter
      query={{ tokens: tokensOf(search), operation: 'and' }}
      hideOperations
      onChange={({ detail }) => onChange(detail.tokens)}
      filteringProperties={properties.map((key) => ({
        key,
        propertyLabel: listStrings.properties[key],
        groupValuesLabel: listStrings.values(listStrings.properties[key]),
        operators: [{ operator: '=', format: (value: string) => labelOf(options, key, value) }],
      }))}
      filteringOptions={options}
      filteringStatusType={status}
      filteringPlaceholder={listStrings.search}
      filteringAriaLabel={listStrings.search}
      onLoadItems={({ detail }) => {
        if (detail.filteringProperty !== undefined) void load(detail.filteringProperty.key, detail.filteringText);
      }}
      {...(count !== undefined && { countText: listStrings.matches(count) })}
    />
  );
}

/** As people know it; as the address has it, while that is not known. */
const labelOf = (options: readonly FilterOption[], property: Property, value: string): string =>
  options.find((option) => option.propertyKey === property && option.value === value)?.label ?? value;

function useOptions(direction: ShareDirection) {
  const client = useClient();
  const [found, setFound] = useState<readonly FilterOption[]>([]);
  const [status, setStatus] = useState<'finished' | 'loading' | 'error'>('finished');
  const load = async (property: string, term: string): Promise<void> => {
    const field = fields[property as Property];
    if (field === undefined) return;
    setStatus('loading');
    const { data, error } = await client.query(ShareFilterValuesDocument, { direction, field, term });
    setStatus(error === undefined ? 'finished' : 'error');
    const values = data?.listShareFilterValues ?? [];
    const added = values.map(({ value, label }) => ({ propertyKey: property, value, label }));
    setFound((before) => [...before.filter((one) => !added.some((other) => isSame(one, other))), ...added]);
  };
  return { options: [...knownOptions, ...found], status, load };
}

const isSame = (one: FilterOption, other: FilterOption): boolean =>
  one.propertyKey === other.propertyKey && one.value === other.value;
