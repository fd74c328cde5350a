// What is asked for: items of the dataset, and what will be done with them.

import { Box, Checkbox, FormField, Multiselect, SpaceBetween } from '@cloudscape-design/components';
import type { ShareObjectDataPermission } from '../operations.ts';
import { itemTypeNames } from '../strings.ts';
import type { FieldsProps } from './request-form.tsx';
import type { Dataset } from './request-page.tsx';
import { permissionTexts, requestStrings } from './strings.ts';

export function ItemsField({ form, problems, onChange, dataset }: FieldsProps & { readonly dataset: Dataset }) {
  const options = dataset.shareableItems.map(({ itemUri, itemType, itemName }) => ({
    value: itemUri,
    label: itemName ?? requestStrings.bucket,
    description: itemTypeNames[itemType],
  }));
  const chosen = new Set(form.items.map(({ itemUri }) => itemUri));
  if (options.length === 0) return <Box>{requestStrings.noItems}</Box>;
  return (
    <FormField label={requestStrings.items} description={requestStrings.itemsHint} errorText={problems.items}>
      <Multiselect
        selectedOptions={options.filter(({ value }) => chosen.has(value))}
        options={options}
        filteringType="auto"
        placeholder={requestStrings.items}
        ariaLabel={requestStrings.items}
        onChange={({ detail }) => {
          const now = new Set(detail.selectedOptions.map(({ value }) => value));
          onChange({ items: dataset.shareableItems.filter(({ itemUri }) => now.has(itemUri)) });
        }}
      />
    </FormField>
  );
}

const PERMISSIONS = Object.keys(permissionTexts) as ShareObjectDataPermission[];

export const PermissionsField = ({ form, problems, onChange }: FieldsProps) => (
  <FormField label={requestStrings.permissions} errorText={problems.permissions}>
    <SpaceBetween size="xxs">
      {PERMISSIONS.map((permission) => (
        <Checkbox
          key={permission}
          checked={form.permissions.includes(permission)}
          onChange={({ detail }) => {
            const others = form.permissions.filter((one) => one !== permission);
            onChange({ permissions: detail.checked ? [...others, permission] : others });
          }}
        >
          {permissionTexts[permission]}
        </Checkbox>
      ))}
    </SpaceBetween>
  </FormField>
);
