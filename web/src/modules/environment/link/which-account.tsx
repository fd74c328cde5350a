// Which account is linked, to which organization, and whose it is.

import { Autosuggest, Container, FormField, Header, Input, Select, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useDebounced } from '../../../ui/debounced.ts';
import { messageOf } from '../../../ui/failure.tsx';
import { LinkableOrganizationsDocument } from '../operations.ts';
import { environmentStrings, linkStrings as strings } from '../strings.ts';
import type { LinkFieldsProps } from './link-page.tsx';

/** Those that most are in; any other can be typed. */
const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'sa-east-1',
].map((value) => ({ value }));

interface WhichAccountProps extends LinkFieldsProps {
  readonly groups: readonly string[];
}

export const WhichAccount = (props: WhichAccountProps) => {
  const { draft, change, wrong, groups } = props;
  return (
    <Container header={<Header variant="h2">{strings.which}</Header>}>
      <SpaceBetween size="l">
        <OrganizationField {...props} />
        <FormField
          label={strings.account}
          description={strings.accountHint}
          errorText={wrong.has('account') && strings.accountWrong}
        >
          <Input
            value={draft.account}
            inputMode="numeric"
            spellcheck={false}
            onChange={({ detail }) => change({ account: detail.value })}
          />
        </FormField>
        <FormField
          label={strings.region}
          description={strings.regionHint}
          errorText={wrong.has('region') && environmentStrings.required}
        >
          <Autosuggest
            value={draft.region}
            options={REGIONS}
            placeholder="eu-west-1"
            onChange={({ detail }) => change({ region: detail.value })}
          />
        </FormField>
        <FormField
          label={strings.owner}
          description={strings.ownerHint}
          errorText={wrong.has('owner') && environmentStrings.required}
        >
          <Select
            selectedOption={draft.owner === '' ? null : { value: draft.owner, label: draft.owner }}
            options={groups.map((value) => ({ value, label: value }))}
            placeholder={strings.choose}
            onChange={({ detail }) => change({ owner: detail.selectedOption.value ?? '' })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
};

function OrganizationField({ draft, change, wrong }: LinkFieldsProps) {
  const [typed, setTyped] = useState('');
  const filter = { term: useDebounced(typed), pageSize: 20 };
  const [{ data, fetching, error }] = useQuery({ query: LinkableOrganizationsDocument, variables: { filter } });
  const options =
    data?.listOrganizations?.nodes?.flatMap((one) =>
      one === null
        ? []
        : [{ value: one.organizationUri ?? '', label: one.label ?? '', description: one.SamlGroupName ?? '' }],
    ) ?? [];
  const [chosen, setChosen] = useState<(typeof options)[number]>();
  const known = chosen ?? options.find(({ value }) => value === draft.organizationUri);
  return (
    <FormField
      label={strings.organization}
      description={strings.organizationHint}
      errorText={wrong.has('organizationUri') && environmentStrings.required}
    >
      <Select
        selectedOption={known ?? null}
        options={options}
        placeholder={strings.choose}
        filteringType="manual"
        filteringAriaLabel={strings.organization}
        onLoadItems={({ detail }) => setTyped(detail.filteringText)}
        statusType={error !== undefined ? 'error' : fetching ? 'loading' : 'finished'}
        {...(error && { errorText: messageOf(error) })}
        empty={strings.noOrganization}
        onChange={({ detail }) => {
          setChosen(options.find(({ value }) => value === detail.selectedOption.value));
          change({ organizationUri: detail.selectedOption.value ?? '' });
        }}
      />
    </FormField>
  );
}
