// Offers data: a bucket and a Glue database that are made, or that are there.

import { Container, FormField, Header, Tiles } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { PageForm } from '../../../ui/page-form.tsx';
import { Page } from '../../../ui/page.tsx';
import {
  CreateDatasetDocument,
  EnvironmentTeamsDocument,
  GroupNamesDocument,
  ImportDatasetDocument,
} from '../operations.ts';
import { datasetStrings, formStrings as strings } from '../strings.ts';
import { inputOf, newDraft, wrongFields, type DatasetDraft } from './draft.ts';
import { WhatFields, WhoFields } from './fields.tsx';
import { newPlace, placeInputOf, wrongPlaceFields, type DatasetPlace, type Kind } from './place.ts';
import { SharingFields } from './sharing-fields.tsx';
import { WhereFields } from './where-fields.tsx';

const ABOVE = [{ text: datasetStrings.title, href: '/datasets' }];

export function NewDatasetPage() {
  const { groups } = usePerson();
  const [search, setSearch] = useSearchParams();
  const kind: Kind = search.get('kind') === 'import' ? 'import' : 'create';
  const [draft, setDraft] = useState<DatasetDraft>(() => newDraft(groups[0] ?? ''));
  const [place, setPlace] = useState<DatasetPlace>(newPlace);
  const [wasTried, setTried] = useState(false);
  const owners = useOwners(place.environmentUri, groups);
  const { offer, isBusy, refusal, preview } = useOffer(kind);
  const wrong = { draft: wrongFields(draft), place: wrongPlaceFields(place, kind) };
  const send = async (): Promise<void> => {
    setTried(true);
    if (wrong.draft.size === 0 && wrong.place.size === 0) await offer(draft, place);
  };
  const fields = {
    draft,
    change: (values: Partial<DatasetDraft>) => setDraft({ ...draft, ...values }),
    wrong: wasTried ? wrong.draft : new Set<never>(),
  };
  return (
    <Page title={strings.newTitle} description={strings.newText} above={ABOVE}>
      <PageForm
        action={kind === 'import' ? datasetStrings.import : datasetStrings.create}
        isBusy={isBusy}
        refusal={refusal}
        preview={preview}
        onSubmit={() => void send()}
        cancelHref="/datasets"
      >
        <Container header={<Header variant="h2">{strings.kind}</Header>}>
          <FormField stretch>
            <Tiles
              value={kind}
              ariaLabel={strings.kind}
              columns={2}
              items={[
                { value: 'create', label: strings.create, description: strings.createText },
                { value: 'import', label: strings.import, description: strings.importText },
              ]}
              onChange={({ detail }) => setSearch({ kind: detail.value }, { replace: true })}
            />
          </FormField>
        </Container>
        <WhatFields {...fields} />
        <WhereFields
          kind={kind}
          place={place}
          owner={draft.owner}
          change={(values) => setPlace({ ...place, ...values })}
          wrong={wasTried ? wrong.place : new Set<never>()}
        />
        <WhoFields {...fields} {...owners} ownerHint={strings.ownerHint} />
        <SharingFields {...fields} />
      </PageForm>
    </Page>
  );
}

/** Of the chosen environment, the person's groups that are in it; until one is chosen, all of theirs. */
function useOwners(environmentUri: string, groups: readonly string[]) {
  const [{ data: teams }] = useQuery({
    query: EnvironmentTeamsDocument,
    variables: { environmentUri },
    pause: environmentUri === '',
  });
  const [{ data }] = useQuery({ query: GroupNamesDocument });
  return {
    groups: teams?.listEnvironmentGroups?.nodes?.flatMap((team) => team?.groupUri ?? []) ?? groups,
    allGroups: data?.listGroups?.flatMap((group) => group?.groupName ?? []) ?? [],
  };
}

function useOffer(kind: Kind) {
  const creating = useAct(CreateDatasetDocument);
  const importing = useAct(ImportDatasetDocument);
  const { name } = usePerson();
  const navigate = useNavigate();
  return {
    isBusy: creating.isBusy || importing.isBusy,
    refusal: kind === 'import' ? importing.refusal : creating.refusal,
    preview: kind === 'import' ? importing.preview : creating.preview,
    offer: async (draft: DatasetDraft, place: DatasetPlace): Promise<void> => {
      const common = inputOf(draft);
      const done = strings.created(common.label);
      const { organizationUri, environmentUri, ...imported } = placeInputOf(place);
      const input = { ...common, organizationUri, environmentUri };
      const made =
        kind === 'import'
          ? (await importing.act({ input: { ...input, ...imported, owner: name } }, done))?.importDataset
          : (await creating.act({ input }, done))?.createDataset;
      if (made) void navigate(`/datasets/${made.datasetUri}`);
    },
  };
}
