// How long access is asked for, where shares of the dataset have to end.

import { Checkbox, FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import type { Period } from './form.ts';
import type { FieldsProps } from './request-form.tsx';
import { requestStrings } from './strings.ts';

interface PeriodFieldProps extends FieldsProps {
  readonly period: Period;
  /** Monthly or Quarterly. */
  readonly setting: string;
}

export function PeriodField({ form, problems, onChange, period: { min, max }, setting }: PeriodFieldProps) {
  const unit = setting === 'Quarterly' ? requestStrings.quarters : requestStrings.months;
  return (
    <FormField
      label={requestStrings.ends}
      description={requestStrings.endsHint(min, max, unit)}
      errorText={problems.period}
    >
      <SpaceBetween size="xs">
        <Input
          type="number"
          inputMode="numeric"
          value={form.period}
          disabled={form.noEnd}
          ariaLabel={requestStrings.ends}
          onChange={({ detail }) => onChange({ period: detail.value })}
        />
        <Checkbox checked={form.noEnd} onChange={({ detail }) => onChange({ noEnd: detail.checked })}>
          {requestStrings.noEnd}
        </Checkbox>
      </SpaceBetween>
    </FormField>
  );
}
