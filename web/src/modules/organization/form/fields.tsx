// Fields that creating and editing an organization have in common.

import {
  Autosuggest,
  Container,
  FormField,
  Header,
  Input,
  SpaceBetween,
  Textarea,
} from '@cloudscape-design/components';
import { TokenInput } from '../../../ui/token-input.tsx';
import { formStrings as strings, organizationStrings } from '../strings.ts';

export interface OrganizationDraft {
  readonly label: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string;
}

interface OrganizationFieldsProps {
  readonly draft: OrganizationDraft;
  readonly change: (values: Partial<OrganizationDraft>) => void;
  readonly groups: readonly string[];
  readonly ownerHint: string;
  /** Somebody has tried to send it: what is missing is said. */
  readonly wasTried: boolean;
}

export const isComplete = ({ label, owner }: OrganizationDraft): boolean => label.trim() !== '' && owner.trim() !== '';

export const inputOf = ({ label, description, tags, owner }: OrganizationDraft) => ({
  label: label.trim(),
  description,
  tags: [...tags],
  SamlGroupName: owner.trim(),
});

export const OrganizationFields = ({ draft, change, groups, ownerHint, wasTried }: OrganizationFieldsProps) => (
  <Container header={<Header variant="h2">{strings.what}</Header>}>
    <SpaceBetween size="l">
      <FormField label={organizationStrings.name} errorText={wasTried && draft.label.trim() === '' && strings.required}>
        <Input value={draft.label} onChange={({ detail }) => change({ label: detail.value })} />
      </FormField>
      <FormField label={strings.about}>
        <Textarea value={draft.description} onChange={({ detail }) => change({ description: detail.value })} />
      </FormField>
      <FormField label={organizationStrings.tags} description={strings.tagsHint}>
        <TokenInput words={draft.tags} onChange={(tags) => change({ tags })} />
      </FormField>
      <FormField
        label={strings.owner}
        description={ownerHint}
        errorText={wasTried && draft.owner.trim() === '' && strings.required}
      >
        <Autosuggest
          value={draft.owner}
          options={groups.map((value) => ({ value }))}
          onChange={({ detail }) => change({ owner: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  </Container>
);
