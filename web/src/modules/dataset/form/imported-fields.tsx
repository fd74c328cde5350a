// What is there and is imported: picked or typed, and looked at before it is sent.

import { FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { formStrings as strings } from '../strings.ts';
import { ImportCheck } from './import-check.tsx';
import { ImportableName } from './importable-name.tsx';
import { checkInputOf } from './place.ts';
import type { WhereFieldsProps } from './where-fields.tsx';

/** In the order in which it is asked. */
const PICKED = [
  { field: 'bucketName', kind: 'Bucket', label: strings.bucket, hint: strings.bucketHint },
  { field: 'kmsAlias', kind: 'Key', label: strings.key, hint: strings.keyHint },
  { field: 'database', kind: 'Database', label: strings.database, hint: strings.databaseHint },
] as const;

export function ImportedFields({ place, owner, change, wrong }: Omit<WhereFieldsProps, 'kind'>) {
  // A name that is being typed is none yet.
  const [typing, setTyping] = useState(false);
  const input = typing ? undefined : checkInputOf(place, owner);
  return (
    <SpaceBetween size="l">
      {PICKED.map(({ field, kind, label, hint }) => (
        <FormField
          key={field}
          label={label}
          description={hint}
          errorText={field === 'bucketName' && wrong.has(field) && strings.required}
        >
          <ImportableName
            environmentUri={place.environmentUri}
            kind={kind}
            value={place[field]}
            onChange={(value) => {
              setTyping(true);
              change({ [field]: value });
            }}
            onSettled={() => setTyping(false)}
          />
        </FormField>
      ))}
      {input && <ImportCheck input={input} />}
      <FormField label={strings.role} description={strings.roleHint}>
        <Input
          value={place.roleName}
          spellcheck={false}
          onChange={({ detail }) => change({ roleName: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}
