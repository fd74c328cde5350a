// Where a new dataset is: its environment, and what of it is there already.

import { Container, FormField, Header, Select, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { messageOf } from '../../../ui/failure.tsx';
import { useDebounced } from '../../../ui/debounced.ts';
import { CreatableEnvironmentsDocument } from '../operations.ts';
import { formStrings as strings } from '../strings.ts';
import { ImportedFields } from './imported-fields.tsx';
import type { DatasetPlace, Kind, wrongPlaceFields } from './place.ts';

export interface WhereFieldsProps {
  readonly kind: Kind;
  readonly place: DatasetPlace;
  /** The group that is to own it. */
  readonly owner: string;
  readonly change: (values: Partial<DatasetPlace>) => void;
  readonly wrong: ReturnType<typeof wrongPlaceFields>;
}

export const WhereFields = (props: WhereFieldsProps) => (
  <Container header={<Header variant="h2">{strings.where}</Header>}>
    <SpaceBetween size="l">
      <EnvironmentField {...props} />
      {props.kind === 'import' && <ImportedFields {...props} />}
    </SpaceBetween>
  </Container>
);

function EnvironmentField({ place, change, wrong }: WhereFieldsProps) {
  const [typed, setTyped] = useState('');
  const filter = { term: useDebounced(typed), pageSize: 20 };
  const [{ data, fetching, error }] = useQuery({ query: CreatableEnvironmentsDocument, variables: { filter } });
  const environments = data?.listValidEnvironments?.nodes?.flatMap((one) => one ?? []) ?? [];
  const options = environments.map(({ environmentUri, label, region, organization }) => ({
    value: environmentUri ?? '',
    label: label ?? '',
    description: [organization?.label, region].filter((part) => part).join(' · '),
    organizationUri: organization?.organizationUri ?? '',
  }));
  const [chosen, setChosen] = useState<(typeof options)[number]>();
  return (
    <FormField
      label={strings.environment}
      description={strings.environmentHint}
      errorText={wrong.has('environmentUri') && strings.required}
    >
      <Select
        selectedOption={place.environmentUri === '' ? null : (chosen ?? null)}
        options={options}
        placeholder={strings.choose}
        filteringType="manual"
        filteringAriaLabel={strings.environment}
        onLoadItems={({ detail }) => setTyped(detail.filteringText)}
        statusType={error !== undefined ? 'error' : fetching ? 'loading' : 'finished'}
        {...(error && { errorText: messageOf(error) })}
        empty={strings.environmentNone}
        onChange={({ detail }) => {
          const option = options.find(({ value }) => value === detail.selectedOption.value);
          setChosen(option);
          change({ environmentUri: option?.value ?? '', organizationUri: option?.organizationUri ?? '' });
        }}
      />
    </FormField>
  );
}
