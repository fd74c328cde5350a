// The values of one field, to be ticked: several of a field mean any of them.

import { Checkbox, FormField, SpaceBetween } from '@cloudscape-design/components';
import type { FacetValue } from './search.ts';

interface FacetListProps {
  readonly label: string;
  readonly values: readonly FacetValue[];
  readonly chosen: readonly string[];
  readonly nameOf: (value: string) => string;
  readonly onChange: (chosen: readonly string[]) => void;
}

export function FacetList({ label, values, chosen, nameOf, onChange }: FacetListProps) {
  // What is ticked stays there to be unticked, also where the words find none of it.
  const missing = chosen.filter((value) => !values.some((one) => one.value === value));
  const shown = [...values, ...missing.map((value) => ({ value, count: 0 }))];
  if (shown.length === 0) return null;
  return (
    <FormField label={label}>
      <SpaceBetween size="xxs">
        {shown.map(({ value, count }) => (
          <Checkbox
            key={value}
            checked={chosen.includes(value)}
            onChange={({ detail }) =>
              onChange(detail.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          >
            {nameOf(value)} ({count})
          </Checkbox>
        ))}
      </SpaceBetween>
    </FormField>
  );
}
