// Fields that creating, importing and editing a dataset have in common.

import {
  Autosuggest,
  Container,
  FormField,
  Header,
  Input,
  Select,
  SpaceBetween,
  Textarea,
  type SelectProps,
} from '@cloudscape-design/components';
import { useFeatures } from '../../../app/features.ts';
import { TokenInput } from '../../../ui/token-input.tsx';
import type { Language } from '../operations.ts';
import { confidentialityTexts, formStrings as strings } from '../strings.ts';
import type { DatasetDraft, DraftField } from './draft.ts';

export interface FieldsProps {
  readonly draft: DatasetDraft;
  readonly change: (values: Partial<DatasetDraft>) => void;
  /** Shown once somebody has tried to send it. */
  readonly wrong: ReadonlySet<DraftField>;
}

const BASE_LEVELS = Object.fromEntries(Object.keys(confidentialityTexts).map((level) => [level, level]));
const LANGUAGES: readonly Language[] = ['English', 'French', 'German'];

const LANGUAGE_OPTIONS = [{ value: '', label: strings.none }, ...LANGUAGES.map((value) => ({ value, label: value }))];

export const WhatFields = ({ draft, change, wrong }: FieldsProps) => {
  const { modules, web } = useFeatures();
  const features = modules['datasets_base']?.features;
  const levels = levelsOf(features?.custom_confidentiality_mapping);
  return (
    <Container header={<Header variant="h2">{strings.what}</Header>}>
      <SpaceBetween size="l">
        <FormField label={strings.name} errorText={wrong.has('label') && strings.required}>
          <Input value={draft.label} onChange={({ detail }) => change({ label: detail.value })} />
        </FormField>
        <FormField label={strings.about} description={strings.aboutHint}>
          <Textarea value={draft.description} onChange={({ detail }) => change({ description: detail.value })} />
        </FormField>
        <FormField label={strings.confidentiality} errorText={wrong.has('confidentiality') && strings.required}>
          <Select
            selectedOption={optionOf(draft.confidentiality, levels)}
            options={levels}
            placeholder={strings.choose}
            onChange={({ detail }) => change({ confidentiality: detail.selectedOption.value ?? '' })}
          />
        </FormField>
        {features?.topics_dropdown !== false && (
          <FormField label={strings.topics}>
            <TokenInput words={draft.topics} suggestions={web.topics} onChange={(topics) => change({ topics })} />
          </FormField>
        )}
        <FormField label={strings.tags} description={strings.tagsHint}>
          <TokenInput words={draft.tags} onChange={(tags) => change({ tags })} />
        </FormField>
        <FormField label={strings.language}>
          <Select
            selectedOption={LANGUAGE_OPTIONS.find(({ value }) => value === draft.language) ?? null}
            options={LANGUAGE_OPTIONS}
            onChange={({ detail }) => change({ language: languageOf(detail.selectedOption.value) })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
};

type Level = SelectProps.Option & { readonly value: string };

/** Installations may have words of their own for data.all's levels. */
const levelsOf = (mapping: Readonly<Record<string, string>> = BASE_LEVELS): readonly Level[] =>
  Object.entries(mapping).map(([value, level]) => ({
    value,
    label: value,
    description: confidentialityTexts[level as keyof typeof confidentialityTexts],
  }));

/** A level that was said before the installation had words of its own stays. */
const optionOf = (value: string, levels: readonly Level[]): Level | null =>
  value === '' ? null : (levels.find((one) => one.value === value) ?? { value, label: value });

const languageOf = (value: string | undefined): Language | '' => LANGUAGES.find((one) => one === value) ?? '';

interface WhoFieldsProps extends FieldsProps {
  readonly groups: readonly string[];
  readonly ownerHint: string;
  /** Beyond those who may own it. */
  readonly allGroups: readonly string[];
}

export const WhoFields = ({ draft, change, wrong, groups, ownerHint, allGroups }: WhoFieldsProps) => (
  <Container header={<Header variant="h2">{strings.who}</Header>}>
    <SpaceBetween size="l">
      <FormField label={strings.owner} description={ownerHint} errorText={wrong.has('owner') && strings.required}>
        <Autosuggest
          value={draft.owner}
          options={groups.map((value) => ({ value }))}
          onChange={({ detail }) => change({ owner: detail.value })}
          empty={strings.ownerHint}
        />
      </FormField>
      <FormField label={strings.stewards} description={strings.stewardsHint}>
        <TokenInput
          words={draft.stewards}
          suggestions={allGroups.filter((group) => group !== draft.owner)}
          onChange={(stewards) => change({ stewards })}
        />
      </FormField>
    </SpaceBetween>
  </Container>
);
