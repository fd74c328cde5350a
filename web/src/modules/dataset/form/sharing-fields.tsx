// How a dataset is shared: who decides, and when shares end.

import {
  ColumnLayout,
  Container,
  FormField,
  Header,
  Input,
  Select,
  SpaceBetween,
  Toggle,
} from '@cloudscape-design/components';
import { formStrings as strings, overviewStrings } from '../strings.ts';
import type { FieldsProps } from './fields.tsx';

const UNITS = [
  { value: 'Monthly', label: overviewStrings.months },
  { value: 'Quarterly', label: overviewStrings.quarters },
];

export const SharingFields = ({ draft, change, wrong }: FieldsProps) => (
  <Container header={<Header variant="h2">{strings.how}</Header>}>
    <SpaceBetween size="l">
      <Toggle
        checked={draft.autoApproval}
        description={strings.autoApprovalText}
        onChange={({ detail }) => change({ autoApproval: detail.checked })}
      >
        {strings.autoApproval}
      </Toggle>
      <Toggle
        checked={draft.expires}
        description={strings.expirationText}
        onChange={({ detail }) => change({ expires: detail.checked })}
      >
        {strings.expiration}
      </Toggle>
      {draft.expires && (
        <ColumnLayout columns={3}>
          <FormField label={strings.unit}>
            <Select
              selectedOption={UNITS.find(({ value }) => value === draft.unit) ?? null}
              options={UNITS}
              onChange={({ detail }) =>
                change({ unit: detail.selectedOption.value === 'Quarterly' ? 'Quarterly' : 'Monthly' })
              }
            />
          </FormField>
          <FormField label={strings.least} errorText={wrong.has('least') && strings.wholeNumber}>
            <Input
              value={draft.least}
              type="number"
              inputMode="numeric"
              onChange={({ detail }) => change({ least: detail.value })}
            />
          </FormField>
          <FormField label={strings.most} errorText={wrong.has('most') && strings.notBelow}>
            <Input
              value={draft.most}
              type="number"
              inputMode="numeric"
              onChange={({ detail }) => change({ most: detail.value })}
            />
          </FormField>
        </ColumnLayout>
      )}
    </SpaceBetween>
  </Container>
);
