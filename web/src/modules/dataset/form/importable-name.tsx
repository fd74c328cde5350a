// The name of something that an account has: picked of what is there, by who may see that, or typed.

import { Autosuggest } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useDebounced } from '../../../ui/debounced.ts';
import { messageOf } from '../../../ui/failure.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { formStrings as strings } from '../strings.ts';
import { ImportableNamesDocument, type ImportableKind } from './operations.ts';

interface ImportableNameProps {
  readonly environmentUri: string;
  readonly kind: ImportableKind;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The name is written for now. */
  readonly onSettled: () => void;
}

export function ImportableName({ environmentUri, kind, value, onChange, onSettled }: ImportableNameProps) {
  // An account is looked into once somebody looks for something.
  const [looked, setLooked] = useState(false);
  const term = useDebounced(value);
  const [{ data, fetching, error }] = useQuery({
    query: ImportableNamesDocument,
    variables: { environmentUri, kind, term },
    pause: environmentUri === '' || !looked,
  });
  const { names = [], complete = true } = data?.listImportableNames ?? {};
  const mayNotSee =
    error?.graphQLErrors.some(({ extensions }) => extensions['code'] === 'UnauthorizedOperation') ?? false;
  return (
    <Autosuggest
      value={value}
      options={names.map((name) => ({ value: name }))}
      filteringType="manual"
      enteredTextLabel={uiStrings.useWord}
      onLoadItems={() => setLooked(true)}
      onChange={({ detail }) => onChange(detail.value)}
      onSelect={onSettled}
      onBlur={onSettled}
      {...(error && !mayNotSee
        ? { statusType: 'error', errorText: messageOf(error) }
        : { statusType: fetching ? 'loading' : 'finished', loadingText: strings.looking })}
      empty={environmentUri === '' ? strings.environmentFirst : mayNotSee ? strings.typeName : strings.nothingFound}
      {...(!complete && { finishedText: strings.moreNames })}
    />
  );
}
