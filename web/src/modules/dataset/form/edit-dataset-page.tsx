// Changes what a dataset is called, whose it is and how it is shared.

import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageForm } from '../../../ui/page-form.tsx';
import { Page } from '../../../ui/page.tsx';
import {
  DatasetDocument,
  GroupNamesDocument,
  UpdateDatasetDocument,
  type DatasetDetailsFragment,
} from '../operations.ts';
import { datasetStrings, formStrings as strings } from '../strings.ts';
import { draftOf, inputOf, wrongFields } from './draft.ts';
import { WhatFields, WhoFields } from './fields.tsx';
import { SharingFields } from './sharing-fields.tsx';

export function EditDatasetPage() {
  const { datasetUri = '' } = useParams();
  const [{ data, error }, again] = useQuery({ query: DatasetDocument, variables: { datasetUri } });
  const dataset = data?.getDataset;
  const name = dataset?.label ?? '';
  return (
    <Page
      title={strings.editTitle(name)}
      above={[
        { text: datasetStrings.title, href: '/datasets' },
        { text: name, href: `/datasets/${datasetUri}` },
      ]}
    >
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {error === undefined && (dataset ? <EditForm dataset={dataset} /> : <Loading />)}
    </Page>
  );
}

function EditForm({ dataset }: { readonly dataset: DatasetDetailsFragment }) {
  const { groups } = usePerson();
  const navigate = useNavigate();
  const [{ data }] = useQuery({ query: GroupNamesDocument });
  const { act, isBusy, refusal, preview } = useAct(UpdateDatasetDocument);
  const [draft, setDraft] = useState(() => draftOf(dataset));
  const [wasTried, setTried] = useState(false);
  const wrong = wrongFields(draft);
  const href = `/datasets/${dataset.datasetUri}`;
  const save = async (): Promise<void> => {
    setTried(true);
    if (wrong.size > 0) return;
    const input = { ...inputOf(draft), KmsAlias: '' };
    if ((await act({ datasetUri: dataset.datasetUri ?? '', input }, strings.saved)) !== undefined)
      void navigate(`${href}?tab=overview`);
  };
  const fields = {
    draft,
    change: (values: Partial<typeof draft>) => setDraft({ ...draft, ...values }),
    wrong: wasTried ? wrong : new Set<never>(),
  };
  const allGroups = data?.listGroups?.flatMap((group) => group?.groupName ?? []) ?? [];
  return (
    <PageForm
      action={strings.save}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSubmit={() => void save()}
      cancelHref={href}
    >
      <WhatFields {...fields} />
      <WhoFields {...fields} groups={groups} ownerHint={strings.ownerEditHint} allGroups={allGroups} />
      <SharingFields {...fields} />
    </PageForm>
  );
}
