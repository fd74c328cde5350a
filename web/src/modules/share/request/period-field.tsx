// How long access is asked for, where shares of the dataset have to end.

import { Checkbox, FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import type { Part, Period } from './form.ts';
import { requestStrings } from './strings.ts';

interface PeriodFieldProps {
  readonly value: Pick<Part, 'period' | 'noEnd'>;
  readonly problem: string | undefined;
  readonly onChange: (changes: Partial<Pick<Part, 'period' | 'noEnd'>>) => void;
  readonly bounds: Period;
  /** Monthly or Quarterly. */
  readonly setting: string;
}

export function PeriodField({ value, problem, onChange, bounds: { min, max }, setting }: PeriodFieldProps) {
  const unit = setting === 'Quarterly' ? requestStrings.quarters : requestStrings.months;
  return (
    <FormField label={requestStrings.ends} description={requestStrings.endsHint(min, max, unit)} errorText={problem}>
      <SpaceBetween size="xs">
        <Input
          type="number"
          inputMode="numeric"
          value={value.period}
          disabled={value.noEnd}
          ariaLabel={requestStrings.ends}
          onChange={({ detail }) => onChange({ period: detail.value })}
        />
        <Checkbox checked={value.noEnd} onChange={({ detail }) => onChange({ noEnd: detail.checked })}>
          {requestStrings.noEnd}
        </Checkbox>
      </SpaceBetween>
    </FormField>
  );
}
